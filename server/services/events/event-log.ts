import type { StreamEvent } from '../../../contract/schemas/event.ts';

/** An event with its place in the log, and as the text of a stream. */
export type LoggedEvent = { id: number; event: StreamEvent; text: string };

/** The latest events of this process, for those who follow them and for those who come back. */
export interface EventLog {
  append(event: StreamEvent): void;
  /** What came after an event of the log, oldest first; null when that cannot be told any more. */
  since(id: string): readonly LoggedEvent[] | null;
  subscribe(listener: (event: LoggedEvent) => void): () => void;
}

/** How much of the past is kept. */
export interface EventLogLimits {
  /** Most events. */
  events: number;
  /** Most characters of their texts; what a tenant has written into messages is in them. */
  characters: number;
}

/** Half an hour of a busy cluster, about 30 MiB with what the events are made of. */
const LIMITS: EventLogLimits = { events: 20_000, characters: 16_000_000 };

/** What may be above the limits before it is cut: an array that loses its first element each time is copied each time. */
const SLACK = 1.25;

/**
 * `run` names this run of the server: ids of another one are no places of this log. It must not contain a dash.
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
  // Joined, not added up: it is kept for long, and what is added up is kept with each of its parts.
  return [id === null ? '' : `id: ${id}\n`, 'event: ', type, '\ndata: ', JSON.stringify(data), '\n\n'].join('');
}
