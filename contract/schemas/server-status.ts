import { Type, type Static } from 'typebox';

const health = {
  healthy: Type.Boolean(),
  since: Type.String({ description: 'RFC 3339: since when it is healthy, or not, as far as this process has seen.' }),
  message: Type.Optional(Type.String({ description: 'What is wrong; absent when nothing is.' })),
};

/** How one replica of the server is doing, part by part. Holds no secret. */
export const ServerStatus = Type.Object(
  {
    version: Type.String(),
    instance: Type.String({ description: 'Name of the replica that answers.' }),
    startedAt: Type.String({ description: 'RFC 3339.' }),
    healthy: Type.Boolean({ description: 'Whether every part is.' }),
    stale: Type.Boolean({ description: 'Whether answers may be behind the cluster, or incomplete.' }),
    leading: Type.Boolean({ description: 'Whether this replica is the one that changes releases.' }),
    parts: Type.Array(
      Type.Object({
        name: Type.String({ description: 'cluster, engine, live objects, tasks, releases, leader, events …' }),
        ...health,
      }),
    ),
    watches: Type.Array(
      Type.Object({
        kind: Type.String({ description: 'What is watched; `Helm record` and `Task` are Secrets.' }),
        ...health,
        silentSec: Type.Number({ description: 'Seconds since it was last heard; up to 18 is normal.' }),
      }),
    ),
    isolation: Type.Array(
      Type.Object({
        name: Type.String({
          description: '`environment`, `descriptors`, `files`, `network`, `processes`, `privileges` or `resources`.',
        }),
        holds: Type.Boolean(),
        reason: Type.Optional(Type.String({ description: 'What was possible that should not be.' })),
      }),
      {
        description:
          'What keeps the processes that render charts from the rest of the machine, as tried when the engine started; empty until it has.',
      },
    ),
    releases: Type.Object({
      known: Type.Integer(),
      ready: Type.Integer(),
      unreadable: Type.Integer({ description: 'Those whose newest record cannot be read; each says why.' }),
      unsealed: Type.Integer({
        description: 'Those whose newest revision has no valid seal: Walm does nothing with them by itself.',
      }),
    }),
    tasks: Type.Object({
      queued: Type.Integer(),
      running: Type.Integer(),
      unsealed: Type.Integer({
        description: 'Secrets that look like tasks and carry no valid seal: they are never carried out.',
      }),
      newer: Type.Integer({
        description:
          'Tasks that a newer Walm wrote and this one does not understand: they wait for a newer one to lead.',
      }),
    }),
  },
  { $id: 'ServerStatus' },
);
export type ServerStatus = Static<typeof ServerStatus>;
