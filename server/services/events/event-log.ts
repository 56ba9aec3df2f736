import type { StreamEvent } from '../../../contract/event.ts';

/** An event with its place in the log, and as the text of a stream. */
export type LoggedEvent = { id: number; event: StreamEvent; text: string };

/** The latest events of this process, for those who follow them and for those who come back. */
export interface EventLog {
  append(event: StreamEvent): void;
  /** What came after an event of the log, oldest first; null when that cannot be told any more. */
  since(id: string): readonly LoggedEvent[] | null;
  subscribe(listener: (event: LoggedEvent) => void): () => void;
}

/** Half an hour of a busy cluster, a few megabytes. */
const KEPT = 20_000;

/**
 * `run` names this run of the server: ids of another one are no places of this log. It must not contain a dash.
 */
export function createEventLog(run: string): EventLog {
  const listeners = new Set<(event: LoggedEvent) => void>();
  let events: LoggedEvent[] = [];
  let last = 0;
  return {
    append(event) {
      const id = ++last;
      const logged = { id, event, text: eventText(`${run}-${id}`, event.type, event.data) };
      events.push(logged);
      // Cut in large pieces: an array that loses its first element with every event is copied all the time.
      if (events.length > KEPT * 1.25) {
        events = events.slice(-KEPT);
      }
      listeners.forEach((listener) => listener(logged));
    },
    since(text) {
      const dash = text.indexOf('-');
      const id = Number(text.slice(dash + 1));
      const first = events[0]?.id ?? last + 1;
      if (text.slice(0, dash) !== run || !Number.isInteger(id) || id > last || id < first - 1) {
        return null;
      }
      return events.slice(id - first + 1);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One event as the stream carries it (WHATWG HTML, server-sent events). JSON has no raw line breaks. */
export function eventText(id: string | null, type: string, data: unknown): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
