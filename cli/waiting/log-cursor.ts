/** Where a log was read up to, so that it goes on after a break without a line twice and without a gap. */
export interface LogCursor {
  /** RFC 3339: the time of the newest line; undefined before the first one. */
  since(): string | undefined;
  /** A stream begins: at the start of the log, or at the second of `since`. */
  begin(): void;
  /** The lines that a piece completes and that were not read before; each begins with its time. */
  read(piece: string): string[];
  /** The last line, where the log has ended without a line end. */
  rest(): string[];
}

/** Characters of a line that are kept until its end comes. */
const MAX_LINE = 1024 * 1024;

/** Reads logs of which each line begins with its time, in the order of time, as the kubelet writes them. */
export function createLogCursor(): LogCursor {
  let since: string | undefined;
  let newest = '';
  /** How many lines of the newest moment were read. */
  let ofNewest = 0;
  /** How many lines of the newest moment a new stream repeats. */
  let repeated = 0;
  let unfinished = '';

  function isNew(line: string): boolean {
    const time = line.slice(0, line.indexOf(' ') < 0 ? line.length : line.indexOf(' '));
    const moment = momentOf(time);
    // A line without a time is shown rather than lost.
    if (moment === undefined) return true;
    if (moment < newest) return false;
    if (moment === newest) {
      if (repeated > 0) {
        repeated -= 1;
        return false;
      }
      ofNewest += 1;
      return true;
    }
    newest = moment;
    since = time;
    ofNewest = 1;
    repeated = 0;
    return true;
  }

  return {
    since: () => since,
    begin() {
      unfinished = '';
      repeated = ofNewest;
    },
    read(piece) {
      const lines = `${unfinished}${piece}`.split('\n');
      unfinished = lines.pop() ?? '';
      // What a container writes without a line end is not kept without an end.
      if (unfinished.length > MAX_LINE) {
        lines.push(unfinished);
        unfinished = '';
      }
      return lines.filter(isNew);
    },
    rest() {
      const last = unfinished;
      unfinished = '';
      return last !== '' && isNew(last) ? [last] : [];
    },
  };
}

/** A time as a text that is ordered as times are, to the nanosecond; undefined if it is none. */
function momentOf(time: string): string | undefined {
  const [, second, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  const seconds = second === undefined || zone === undefined ? Number.NaN : Date.parse(`${second}${zone}`) / 1000;
  if (Number.isNaN(seconds) || seconds < 0) return undefined;
  return `${`${seconds}`.padStart(12, '0')}.${fraction.padEnd(9, '0')}`;
}
