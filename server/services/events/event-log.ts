import type { StreamEvent } from '../../../contract/schemas/event.ts';

/** An event with its position in the log, and its text in the stream. */
export type LoggedEvent = { id: number; event: StreamEvent; text: string };

/** The latest events of this process, for connected clients and for clients that reconnect. */
export interface EventLog {
  append(event: StreamEvent): void;
  /** The id of the latest event: what comes after it is all that happens from now on. */
  latest(): string;
  /** The id of a position in the log. */
  idOf(position: number): string;
  /** The events before a given one (undefined: all), oldest first; null if that is not in the log any more. */
  before(id: string | undefined): readonly LoggedEvent[] | null;
  /** An id that is not a position: a client that sends it gets the whole state again. */
  nowhere(): string;
  /** The events after a given one, oldest first; null if the log no longer reaches back that far. */
  since(id: string): readonly LoggedEvent[] | null;
  subscribe(listener: (event: LoggedEvent) => void): () => void;
}

/** How many past events are kept. */
export interface EventLogLimits {
  /** Maximum number of events. */
  events: number;
  /** Maximum number of characters of their texts, which contain messages written by tenants. */
  characters: number;
}

/** Half an hour of a busy cluster, about 30 MiB including the event objects. */
const LIMITS: EventLogLimits = { events: 20_000, characters: 16_000_000 };

/**
 * The log may exceed its limits by this factor before it is cut: removing the first element of an array copies the
 * array.
 */
const SLACK = 1.25;

/**
 * `run` identifies this run of the server: event ids of another run are not positions in this log. It must not contain a
 * dash.
 */
export function createEventLog(run: string, limits = LIMITS): EventLog {
  const listeners = new Set<(event: LoggedEvent) => void>();
  let events: LoggedEvent[] = [];
  let characters = 0;
  let last = 0;

  function cut(): void {
    let from = 0;
    while (from < events.length && (events.length - from > limits.events || characters > limits.characters)) {
      characters -= events[from]?.text.length ?? 0;
      from += 1;
    }
    events = events.slice(from);
  }

  /** The place in `events` behind the event with this id; null if it is not of this log, or the log has a gap there. */
  function placeBehind(text: string): number | null {
    const dash = text.indexOf('-');
    const id = Number(text.slice(dash + 1));
    const first = events[0]?.id ?? last + 1;
    const isKnown = text.slice(0, dash) === run && Number.isInteger(id) && id <= last && id >= first - 1;
    return isKnown ? id - first + 1 : null;
  }

  return {
    append(event) {
      const id = ++last;
      const logged = { id, event, text: eventText(`${run}-${id}`, event.type, event.data) };
      events.push(logged);
      characters += logged.text.length;
      if (events.length > limits.events * SLACK || characters > limits.characters * SLACK) {
        cut();
      }
      listeners.forEach((listener) => listener(logged));
    },
    latest: () => `${run}-${last}`,
    idOf: (position) => `${run}-${position}`,
    nowhere: () => `${run}-reset`,
    before(text) {
      const at = text === undefined ? events.length : placeBehind(text);
      // An event that is not kept any more has nothing before it.
      return at === null ? null : events.slice(0, text === undefined ? at : Math.max(at - 1, 0));
    },
    since(text) {
      const at = placeBehind(text);
      return at === null ? null : events.slice(at);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One event as the stream carries it (WHATWG HTML, server-sent events). JSON has no raw line breaks. */
export function eventText(id: string | null, type: string, data: unknown): string {
  // Joined instead of concatenated: V8 keeps a concatenated string together with all its parts.
  return [id === null ? '' : `id: ${id}\n`, 'event: ', type, '\ndata: ', JSON.stringify(data), '\n\n'].join('');
}
