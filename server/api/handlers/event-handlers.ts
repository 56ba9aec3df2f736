import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { EventFilter } from '../../services/events/event-filter.ts';
import { readEventTypes } from '../../services/events/event-filter.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases of event operations. */
export interface EventServices {
  readonly followEvents: (
    filter: EventFilter,
    lastEventId: string | undefined,
    visible: VisibleNamespaces | null,
    signal: AbortSignal,
  ) => ReadableStream<string>;
}

/** The handlers of event operations. */
export function createEventHandlers({ followEvents }: EventServices): HandlersOf<'streamEvents'> {
  return {
    streamEvents: async ({ query, lastEventId, visible, signal }) => {
      const { namespace, release } = query;
      const types = readEventTypes(query.type);
      const filter = { ...(namespace && { namespace }), ...(release && { release }), ...(types && { types }) };
      const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
      return { status: 200, body: followEvents(filter, lastEventId, visible, signal), headers };
    },
  };
}
