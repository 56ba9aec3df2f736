import { Type, type Static } from 'typebox';
import { whatIsVisible } from '../schemas/access.ts';
import { operation } from './operation.ts';
import { bulkErrors } from './release-errors.ts';
import { deleteQuery, mutationQuery } from './query-parameters.ts';
import { RestartMode } from '../schemas/restart-mode.ts';
import { idempotency } from './release-answers.ts';
import { TaskError, TaskInfo } from '../schemas/task.ts';
import { ObjectRef, Warning } from '../schemas/warning.ts';

/** What can be done to many releases at once. */
export const BulkAction = Type.Union([
  Type.Literal('pause'),
  Type.Literal('recover'),
  Type.Literal('restart'),
  Type.Literal('delete'),
  Type.Literal('adopt'),
]);
export type BulkAction = Static<typeof BulkAction>;

const BulkOutcome = Type.Union(
  [
    Type.Literal('planned'),
    Type.Literal('unchanged'),
    Type.Literal('accepted'),
    Type.Literal('done'),
    Type.Literal('failed'),
  ],
  {
    description:
      '`planned`: it would be changed (dry run). `unchanged`: nothing to do. `accepted`: its task goes on. `done`, `failed`: its task has ended.',
  },
);

/** What became of one release. */
export const BulkItem = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    outcome: BulkOutcome,
    task: Type.Optional(TaskInfo),
    error: Type.Optional(TaskError),
    warnings: Type.Array(Warning),
    notPaused: Type.Optional(
      Type.Array(ObjectRef, { description: 'Present after a pause: objects that may go on running.' }),
    ),
  },
  { $id: 'BulkItem' },
);
export type BulkItem = Static<typeof BulkItem>;

/** The answer to a change of many releases. */
export const BulkResult = Type.Object(
  {
    action: BulkAction,
    dryrun: Type.Boolean(),
    num: Type.Integer({ description: 'Releases that match.' }),
    failed: Type.Integer({ description: 'Releases whose change failed.' }),
    items: Type.Array(BulkItem, { description: 'Sorted by namespace and name.' }),
  },
  { $id: 'BulkResult' },
);
export type BulkResult = Static<typeof BulkResult>;

/** Query parameters of a change of many releases. */
const bulkQuery = {
  ...mutationQuery,
  namespace: Type.Optional(Type.String({ description: 'Only releases of this namespace; absent is all.' })),
  labelselector: Type.String({
    description: 'Kubernetes label selector, evaluated on the labels of the releases; must not be empty.',
    minLength: 1,
  }),
  limit: Type.Integer({
    description: 'When more releases match, nothing is changed and the answer is an error.',
    default: 20,
    minimum: 1,
    maximum: 10_000,
  }),
  dryrun: Type.Boolean({ description: 'Only tell what would be changed.', default: false }),
  mode: RestartMode,
  deletePvcs: deleteQuery.deletePvcs,
  force: deleteQuery.force,
};

/** The operations on many releases. */
export const bulkOperations = {
  changeReleases: operation({
    method: 'POST',
    path: '/api/v1/bulk/{action}',
    tag: 'release',
    access: whatIsVisible,
    summary: 'Pause, recover, restart, delete or adopt the releases that a label selector matches',
    description:
      'Releases are changed in parallel, each by a task of its own; one that fails does not hold up the others. `mode` is for restarts, `deletePvcs` and `force` for deletes. A provider may be deleted together with all that depend on it. `adopt` seals in your name what carries no valid seal: Walm then acts on it by itself with your rights.',
    query: bulkQuery,
    requestHeaders: idempotency,
    responses: {
      200: { description: 'What became of each release.', schema: BulkResult },
      202: { description: 'Accepted with `async=true`: the tasks carry on.', schema: BulkResult },
    },
    errors: bulkErrors,
    errorPrefix: 'failed to {action} releases: ',
  }),
};
