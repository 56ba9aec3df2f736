import { Type, type Static } from 'typebox';

const health = {
  healthy: Type.Boolean(),
  since: Type.String({
    description: 'RFC 3339: since when the part is healthy or unhealthy, as far as this process knows.',
  }),
  message: Type.Optional(Type.String({ description: 'The problem; absent if there is none.' })),
};

/** The health of one replica of the server, part by part. Contains no secret. */
export const ServerStatus = Type.Object(
  {
    version: Type.String(),
    instance: Type.String({ description: 'Name of the replica that answers.' }),
    startedAt: Type.String({ description: 'RFC 3339.' }),
    healthy: Type.Boolean({ description: 'Whether every part is healthy.' }),
    stale: Type.Boolean({ description: 'Whether answers may be behind the cluster, or incomplete.' }),
    leading: Type.Boolean({ description: 'Whether this replica is the leader, which changes releases.' }),
    parts: Type.Array(
      Type.Object({
        name: Type.String({ description: 'cluster, engine, live objects, tasks, releases, leader, events …' }),
        ...health,
      }),
    ),
    watches: Type.Array(
      Type.Object({
        kind: Type.String({ description: 'Watched kind; `Helm record` and `Task` are Secrets.' }),
        ...health,
        silentSec: Type.Number({ description: 'Seconds since the last message of the watch; up to 18 is normal.' }),
      }),
    ),
    isolation: Type.Array(
      Type.Object({
        name: Type.String({
          description: '`environment`, `descriptors`, `files`, `network`, `processes`, `privileges` or `resources`.',
        }),
        holds: Type.Boolean(),
        reason: Type.Optional(Type.String({ description: 'What a worker could do although it should not.' })),
      }),
      {
        description:
          'Isolation of the processes that render charts, as tested when the engine started; empty until then.',
      },
    ),
    releases: Type.Object({
      known: Type.Integer(),
      ready: Type.Integer(),
      unreadable: Type.Integer({
        description: 'Number of releases whose newest record cannot be read; each release says why.',
      }),
      unsealed: Type.Integer({
        description:
          'Number of releases whose newest revision has no valid seal; Walm makes no automatic changes to them.',
      }),
    }),
    tasks: Type.Object({
      queued: Type.Integer(),
      running: Type.Integer(),
      unsealed: Type.Integer({
        description: 'Number of Secrets that look like tasks but carry no valid seal; they are never executed.',
      }),
      newer: Type.Integer({
        description:
          'Number of tasks of a newer Walm that this version does not understand; they wait for a newer leader.',
      }),
    }),
  },
  { $id: 'ServerStatus' },
);
export type ServerStatus = Static<typeof ServerStatus>;
