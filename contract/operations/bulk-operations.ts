import { Type, type Static } from 'typebox';
import { whatIsVisible } from '../schemas/access.ts';
import { operation } from './parts/operation.ts';
import { bulkErrors } from './parts/release-errors.ts';
import { deleteQuery, mutationQuery } from './parts/query-parameters.ts';
import { RestartMode } from '../schemas/restart-mode.ts';
import { idempotency } from './parts/release-answers.ts';
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

/** What was done to many releases. */
export const BulkChangeKind = Type.Union([...BulkAction.anyOf, Type.Literal('upgrade')]);
export type BulkChangeKind = Static<typeof BulkChangeKind>;

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

/** The result for one release. */
export const BulkItem = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    outcome: BulkOutcome,
    task: Type.Optional(TaskInfo),
    error: Type.Optional(TaskError),
    warnings: Type.Array(Warning),
    notPaused: Type.Optional(
      Type.Array(ObjectRef, { description: 'Present after a pause: objects that may keep running.' }),
    ),
  },
  { $id: 'BulkItem' },
);
export type BulkItem = Static<typeof BulkItem>;

/** The answer to a change of many releases. */
export const BulkResult = Type.Object(
  {
    action: BulkChangeKind,
    dryrun: Type.Boolean(),
    num: Type.Integer({ description: 'Number of matching releases.' }),
    failed: Type.Integer({ description: 'Number of releases whose change failed.' }),
    items: Type.Array(BulkItem, { description: 'Sorted by namespace and name.' }),
  },
  { $id: 'BulkResult' },
);
export type BulkResult = Static<typeof BulkResult>;

/** Which releases. */
const chosen = {
  namespace: Type.Optional(Type.String({ description: 'Only releases of this namespace; absent: all namespaces.' })),
  labelselector: Type.Optional(
    Type.String({
      description:
        'Kubernetes label selector, evaluated on the labels of the releases. This or `releases` is required.',
      minLength: 1,
    }),
  ),
  releases: Type.Optional(
    Type.String({
      description: 'The releases by name instead, as `namespace/name`, separated by commas.',
      minLength: 1,
      maxLength: 8_192,
    }),
  ),
  limit: Type.Integer({
    description:
      'Maximum matching releases: if more match, nothing is changed and the call fails with TOO_MANY_RELEASES.',
    default: 20,
    minimum: 1,
    maximum: 10_000,
  }),
  dryrun: Type.Boolean({ description: 'Only report what would be changed.', default: false }),
};

/** Query parameters of a change of many releases. */
const bulkQuery = {
  ...mutationQuery,
  ...chosen,
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
    summary: 'Pause, recover, restart, delete or adopt many releases',
    description:
      'Each release is changed by its own task, in parallel; a failure does not affect the other releases. `mode` applies to restarts, `deletePvcs` and `force` to deletes. A provider can be deleted together with all releases that depend on it. `adopt` seals releases without a valid seal in your name: automatic changes of them then have your rights.',
    query: bulkQuery,
    requestHeaders: idempotency,
    responses: {
      200: { description: 'The result for each release.', schema: BulkResult },
      202: { description: 'Accepted with `async=true`: the tasks run in the background.', schema: BulkResult },
    },
    errors: bulkErrors,
    errorPrefix: 'failed to {action} releases: ',
  }),
  upgradeReleases: operation({
    method: 'POST',
    path: '/api/v1/bulk/upgrade',
    tag: 'release',
    access: whatIsVisible,
    summary: 'Upgrade many releases of one chart to one version',
    description:
      'Each release is upgraded by its own task, in parallel, with the values that it has; a failure does not affect the other ' +
      'releases. The version is taken from where the chart of each release came from. A dry run does not render.',
    query: {
      ...mutationQuery,
      ...chosen,
      chartVersion: Type.String({ description: 'Version, or a range such as `~6.1`.', minLength: 1, maxLength: 256 }),
    },
    requestHeaders: idempotency,
    responses: {
      200: { description: 'The result for each release.', schema: BulkResult },
      202: { description: 'Accepted with `async=true`: the tasks run in the background.', schema: BulkResult },
    },
    errors: bulkErrors,
    errorPrefix: 'failed to upgrade releases: ',
  }),
};
