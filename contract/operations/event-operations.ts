import { Type } from 'typebox';
import { whatIsVisible } from '../schemas/access.ts';
import { operation } from './parts/operation.ts';

/** The operations on events. */
export const eventOperations = {
  streamEvents: operation({
    method: 'GET',
    path: '/api/v1/events',
    tag: 'event',
    access: whatIsVisible,
    summary: 'Watch changes of releases and tasks',
    description:
      'Server-sent events: `release` (ReleaseStatusChange) and `task` (Task). With ' +
      '`Last-Event-ID` what came since is sent first; where that is not known any more, an event `reset` says so and ' +
      'the present state of every release follows, then an event `synced` with the id to go on from. The header ' +
      '`Walm-Event-Id` of a list is such an id, too: what is not in the list comes after it. A comment line is sent every 15 s while nothing happens.',
    query: {
      namespace: Type.Optional(Type.String({ description: 'Only events of this namespace.' })),
      release: Type.Optional(Type.String({ description: 'Only events of releases of this name.' })),
      type: Type.Optional(Type.String({ description: 'Only events of these types, separated by commas.' })),
    },
    requestHeaders: { 'Last-Event-ID': 'Id of the last event that the client received.' },
    responses: {
      200: {
        description: 'The stream; it ends when the server stops.',
        schema: Type.Unsafe<ReadableStream<string>>({
          description:
            'Server-sent events: `id`, `event` (`release`, `task`, `reset` or `synced`) and `data`, the JSON of that release or task.',
        }),
        contentType: 'text/event-stream',
      },
    },
    errors: ['QUERY_INVALID', 'TOO_MANY_STREAMS'],
    errorPrefix: 'failed to follow events: ',
  }),
};
