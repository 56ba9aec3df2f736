import { Type } from 'typebox';
import { whatIsVisible } from '../schemas/access.ts';
import { PastEventList } from '../schemas/event.ts';
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
  listEvents: operation({
    method: 'GET',
    path: '/api/v1/events/past',
    tag: 'event',
    access: whatIsVisible,
    summary: 'List the latest changes of releases and tasks',
    description:
      'What the log of the replica that answers still has: at most 20,000 events, since its start. Ids are those of the stream of the same replica.',
    query: {
      namespace: Type.Optional(Type.String({ description: 'Only events of this namespace.' })),
      release: Type.Optional(Type.String({ description: 'Only events of releases of this name.' })),
      type: Type.Optional(Type.String({ description: 'Only events of these types, separated by commas.' })),
      before: Type.Optional(
        Type.String({ description: 'Only events before this one: `continue` of the previous page.', maxLength: 200 }),
      ),
      limit: Type.Integer({ description: 'How many events.', default: 100, minimum: 1, maximum: 1_000 }),
    },
    responses: { 200: { description: 'The events.', schema: PastEventList } },
    errors: ['QUERY_INVALID'],
    errorPrefix: 'failed to list events: ',
  }),
};
