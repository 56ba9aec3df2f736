import { Type, type Static } from 'typebox';
import { described } from './json.ts';
import { ReleaseTests } from './release-check.ts';
import { ObjectRef, Warning } from './warning.ts';

/** The state of a task. The last three are final. */
export const TaskState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('running'),
  Type.Literal('succeeded'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
]);
export type TaskState = Static<typeof TaskState>;

/** The operation of a task. */
export const TaskOperation = Type.Union([
  Type.Literal('install'),
  Type.Literal('upgrade'),
  Type.Literal('delete'),
  Type.Literal('restart'),
  Type.Literal('pause'),
  Type.Literal('recover'),
  Type.Literal('adopt'),
  Type.Literal('detach'),
  Type.Literal('rollback'),
  Type.Literal('hold'),
  Type.Literal('test'),
  Type.Literal('createProject'),
  Type.Literal('changeProject'),
  Type.Literal('applyProject'),
  Type.Literal('pauseProject'),
  Type.Literal('recoverProject'),
  Type.Literal('restartProject'),
  Type.Literal('deleteProject'),
]);
export type TaskOperation = Static<typeof TaskOperation>;

/** The progress of a running task. */
export const TaskProgress = Type.Object(
  {
    phase: Type.String({ description: 'fetch, crds, render, validate, hooks, apply, wait, record or delete.' }),
    message: Type.String({ description: 'The present step.' }),
    object: Type.Optional(ObjectRef),
    done: Type.Optional(Type.Integer({ description: 'Number of finished objects, of `total`.' })),
    total: Type.Optional(Type.Integer({ description: 'Total number of objects, if known.' })),
  },
  { description: 'Progress of the task.' },
);
export type TaskProgress = Static<typeof TaskProgress>;

/** Why a task failed. */
export const TaskError = Type.Object(
  {
    code: Type.String({ description: 'Stable code; see the list of errors.' }),
    message: Type.String({ description: 'What happened, to which object, why.' }),
    details: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description: 'More facts, depending on the code.',
    }),
  },
  { description: 'Why the task failed.' },
);
export type TaskError = Static<typeof TaskError>;

/** The public part of a task: never the request's values. Times are RFC 3339 in UTC. */
export const TaskInfo = Type.Object(
  {
    id: Type.String({ description: 'Id of the task.' }),
    operation: described(TaskOperation, 'Operation on the release.'),
    namespace: Type.String({ description: 'Namespace of the release.' }),
    release: Type.String({ description: 'Name of the release; empty if the task changes a whole project.' }),
    project: Type.Optional(
      Type.String({ description: 'Name of the project; present if the task changes a whole project.' }),
    ),
    state: described(TaskState, 'State of the task; the last three are final.'),
    attempt: Type.Integer({ description: 'How many times the task was started; 0 while queued.' }),
    caller: Type.Union([Type.String(), Type.Null()], {
      description: "User name of the caller; null for Walm's own identity.",
    }),
    requestId: Type.String({ description: 'Id of the request that created the task.' }),
    createdAt: Type.String({ description: 'RFC 3339, like all times of the task.' }),
    startedAt: Type.Optional(Type.String({ description: 'When the task was started last.' })),
    finishedAt: Type.Optional(Type.String({ description: 'When the task ended; present if the state is final.' })),
    revision: Type.Optional(
      Type.Integer({ description: "Helm's revision that the task writes, removes, restarts or tests." }),
    ),
    waitsFor: Type.Optional(Type.String({ description: 'Id of the earlier task of the same release.' })),
    progress: Type.Optional(TaskProgress),
    error: Type.Optional(TaskError),
    warnings: Type.Array(Warning, { description: 'Parts of the request that were ignored or done differently.' }),
    tests: Type.Optional(ReleaseTests),
  },
  { $id: 'Task', description: 'A change of a release. An accepted task is durable.' },
);
export type TaskInfo = Static<typeof TaskInfo>;

/** Tasks, the newest first. */
export const TaskList = Type.Object(
  {
    num: Type.Integer({ description: 'Number of items in this answer.' }),
    total: Type.Integer({ description: 'Number of matching items.' }),
    items: Type.Array(TaskInfo),
    continue: Type.Optional(
      Type.String({ description: 'Present if there are more items: pass it as `continue` to get the next page.' }),
    ),
  },
  { $id: 'TaskList' },
);
export type TaskList = Static<typeof TaskList>;
