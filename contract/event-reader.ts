/** One event of a stream, as it was sent. */
export interface RawEvent {
  readonly type: string;
  readonly data: string;
  /** Id of the last event that had one, this one included; empty if none had. */
  readonly id: string;
}

/** Reads server-sent events from the pieces of a text. */
export interface EventReader {
  /**
   * The events that this piece completes.
   * @throws RangeError if an event is larger than 16 Mi characters
   */
  read(piece: string): RawEvent[];
  /** The pause before a reconnection that the stream asked for; null if it did not. */
  retryMs(): number | null;
}

const MAX_EVENT = 16 * 1024 * 1024;

/** `lastId`: the id that the stream was asked to begin after. */
export function createEventReader(lastId = ''): EventReader {
  let rest = '';
  let id = lastId;
  let type = '';
  let data: string[] = [];
  let size = 0;
  let retry: number | null = null;
  let isFirst = true;

  function field(name: string, value: string): void {
    switch (name) {
      case 'event':
        type = value;
        break;
      case 'data':
        data.push(value);
        size += value.length;
        break;
      case 'id':
        id = value.includes('\0') ? id : value;
        break;
      case 'retry':
        retry = /^\d{1,9}$/.test(value) ? Number(value) : retry;
        break;
      default:
      // A field of a later version.
    }
  }

  /** Returns the event that an empty line ends. */
  function line(text: string): RawEvent[] {
    if (text !== '') {
      const colon = text.indexOf(':');
      const value = colon < 0 ? '' : text.slice(colon + 1);
      // A line that begins with a colon is a comment: it has no name.
      field(colon < 0 ? text : text.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value);
      return [];
    }
    const events = data.length === 0 ? [] : [{ type: type || 'message', data: data.join('\n'), id }];
    type = '';
    data = [];
    size = 0;
    return events;
  }

  return {
    read(piece) {
      const text = rest + (isFirst ? piece.replace(/^\ufeff/, '') : piece);
      isFirst = isFirst && piece === '';
      // A carriage return at the end may be half of a line end.
      const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
      const lines = whole.split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? '') + text.slice(whole.length);
      const events = lines.flatMap(line);
      if (rest.length + size > MAX_EVENT) {
        throw new RangeError(`an event of the stream is larger than ${MAX_EVENT} characters`);
      }
      return events;
    },
    retryMs: () => retry,
  };
}
