import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { EventFilter } from '../../services/events/event-filter.ts';
import type { ListEvents } from '../../services/events/list-events.ts';
import { readEventTypes } from '../../services/events/event-filter.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases of event operations. */
export interface EventServices {
  readonly listEvents: ListEvents;
  readonly followEvents: (
    filter: EventFilter,
    lastEventId: string | undefined,
    visible: VisibleNamespaces | null,
    signal: AbortSignal,
  ) => ReadableStream<string>;
}

/** The handlers of event operations. */
export function createEventHandlers({
  followEvents,
  listEvents,
}: EventServices): HandlersOf<'listEvents' | 'streamEvents'> {
  return {
    listEvents: async ({ query, visible }) => {
      const { before, limit } = query;
      return { status: 200, body: await listEvents(filterOf(query), { before, limit }, visible) };
    },
    streamEvents: async ({ query, lastEventId, visible, signal }) => {
      const filter = filterOf(query);
      const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
      return { status: 200, body: followEvents(filter, lastEventId, visible, signal), headers };
    },
  };
}

/** @throws ProblemError QUERY_INVALID for an unknown type */
function filterOf({ namespace, release, type }: { namespace?: string; release?: string; type?: string }): EventFilter {
  const types = readEventTypes(type);
  return { ...(namespace && { namespace }), ...(release && { release }), ...(types && { types }) };
}
