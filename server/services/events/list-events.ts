import type { PastEvent, PastEventList, StreamEvent } from '../../../contract/schemas/event.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { VisibleNamespaces } from '../access/visible-namespaces.ts';
import { seenAmong } from '../access/visible-namespaces.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';
import { type EventFilter, passes } from './event-filter.ts';
import type { EventLog, LoggedEvent } from './event-log.ts';

/** Which past events: those before one, the newest first; `before` undefined: from the newest on. */
export type PastEventsQuery = { before: string | undefined; limit: number };

/**
 * The events that the log of this replica still has, newest first, as far as the caller may list their namespaces.
 * @throws ProblemError QUERY_INVALID if `before` is not an event of this log
 */
export type ListEvents = (
  filter: EventFilter,
  query: PastEventsQuery,
  visible: VisibleNamespaces | null,
) => Promise<PastEventList>;

export function createListEvents({
  log,
  clock,
}: {
  log: Pick<EventLog, 'before' | 'idOf'>;
  clock: Pick<Clock, 'now'>;
}): ListEvents {
  return async function listEvents(filter, { before, limit }, visible) {
    const known = log.before(before);
    if (known === null) {
      const message = 'query param before is not the id of an event that this replica still has';
      throw problem('QUERY_INVALID', message, { parameter: 'before' });
    }
    const asked: LoggedEvent[] = [];
    const yieldTurn = createYieldTurn(clock);
    for (const one of known) {
      if (passes(filter, one.event)) {
        asked.push(one);
      }
      await yieldTurn();
    }
    const seen = await seenAmong(
      visible,
      asked.map(({ event }) => event.data.namespace),
    );
    const shown = seen === null ? asked : asked.filter(({ event }) => seen.has(event.data.namespace));
    const page = shown.slice(-limit).toReversed();
    const last = page.at(-1);
    return {
      num: page.length,
      items: page.map(({ id, event }) => describe(log.idOf(id), event)),
      ...(last !== undefined && page.length < shown.length && { continue: log.idOf(last.id) }),
    };
  };
}

function describe(id: string, { type, data }: StreamEvent): PastEvent {
  return { id, type, data };
}
