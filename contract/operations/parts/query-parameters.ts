import { Type } from 'typebox';
import { RestartMode } from '../../schemas/restart-mode.ts';
import { DEFAULT_WAIT_SEC, MAX_WAIT_SEC } from '../../schemas/default-waits.ts';

/** A boolean, parsed like Go's ParseBool: 1, t, T, TRUE, true, True and their opposites. */
function flag(description: string, byDefault = false) {
  return Type.Boolean({ description, default: byDefault });
}

/** Parameters of every operation that changes something. */
const changeQuery = {
  async: flag('Return 202 with the task at once instead of waiting for its end.'),
  timeoutSec: Type.Integer({
    description: `Maximum seconds that a synchronous call waits for the task; 0 means ${DEFAULT_WAIT_SEC.release}. After that the task carries on in the background.`,
    default: 0,
    maximum: MAX_WAIT_SEC,
  }),
  force: flag("End another Helm's unfinished operation on the release at once, instead of waiting for it."),
  strict: flag('Refuse names and fields that are unknown to the chart and to Walm, instead of warning about them.'),
};

const expectedRevision = Type.Optional(
  Type.Integer({
    description: 'Refuse with 409 unless this is the last applied revision of the release, or a newer failed one.',
    minimum: 1,
  }),
);

/** Parameters of changes of a release that wait for nothing. */
export const quickQuery = { ...changeQuery, expectedRevision };

const operationTimeoutSec = Type.Optional(
  Type.Integer({
    description:
      "Seconds for each of Helm's hooks and waits, for objects that are still being deleted, and for `wait`; absent is the server's option.",
    minimum: 1,
    maximum: MAX_WAIT_SEC,
  }),
);

/** Parameters of changes of many releases at once. */
export const projectQuery = { ...changeQuery, operationTimeoutSec };

/** Parameters of changes of a release that run hooks, or wait for something. */
export const mutationQuery = { ...quickQuery, operationTimeoutSec };

/** Parameters of operations that run hooks. */
export const hooksQuery = {
  hooks: flag("false: run none of the chart's hooks, for example where one of them cannot succeed any more.", true),
};

/** Parameters of operations that resolve dependencies (decision 39: which outputs a dependent gets). */
export const dependencyQuery = {
  waitReady: flag('Wait until the dependencies of the release are ready, at most 10 minutes.', true),
  allowMissing: flag('Accept dependencies that do not exist: warn instead of failing.'),
};

const forceConflicts = flag(
  'Take over fields that another field manager owns, instead of refusing with FIELD_CONFLICT.',
);

/** Parameters of installs and upgrades. */
export const applyQuery = {
  ...mutationQuery,
  ...dependencyQuery,
  createNamespace: flag('Create the namespace if it does not exist.'),
  crds: Type.Union([Type.Literal('create'), Type.Literal('skip'), Type.Literal('apply')], {
    description: "How to handle the chart's `crds/`: create missing definitions (like Helm), skip them, or apply them.",
    default: 'create',
  }),
  wait: flag('Wait until the release is ready, and fail as soon as it cannot become ready; the applied objects stay.'),
  forceConflicts,
  upsert: flag('Upgrade the release if it exists, otherwise install it.'),
};

/** Parameters of upgrades. */
export const upgradeQuery = {
  ...applyQuery,
  ...hooksQuery,
  resetValues: flag('Discard all recorded configValues before merging those of the request.'),
  recreate: Type.Union([Type.Literal('none'), Type.Literal('orphan'), Type.Literal('delete')], {
    description:
      'How to handle an object with a changed immutable field: refuse with FIELD_IMMUTABLE, or delete and create it again, keeping its pods (`orphan`; not possible if its selector changes) or not (`delete`).',
    default: 'none',
  }),
};

const removalQuery = {
  deletePvcs: flag("Delete the claims of the release's StatefulSets too."),
  force: flag('Delete the release even if other releases depend on it; they keep the values they got from it.'),
  keepHistory: flag('Keep the revisions, like `helm uninstall --keep-history`; the release is no longer listed.'),
  ignoreNotFound: flag('Return 200 if the release does not exist.'),
};

/** Parameters of deletes. */
export const deleteQuery = { ...mutationQuery, ...hooksQuery, ...removalQuery };

/** Parameters of deletes of projects. */
export const deleteProjectQuery = { ...projectQuery, ...removalQuery };

/** Parameters of adding releases to a project. */
export const addMemberQuery = {
  ...projectQuery,
  ...dependencyQuery,
  adopt: flag('Make a release that exists, and is in no project, a member; otherwise it is refused.'),
};

/** Parameters of applying a project. */
export const applyProjectQuery = {
  ...addMemberQuery,
  remove: flag('Remove releases of the project that the request does not name, after everything else.'),
  deletePvcs: flag('Delete the claims of the StatefulSets of removed releases too.'),
  refresh: flag('Take the newest version of charts that are named without one, instead of the version that is there.'),
  wait: applyQuery.wait,
  force: flag(
    "End another Helm's unfinished operation on a release at once, instead of waiting for it; and remove releases that others depend on, which keep the values they got.",
  ),
  onFailure: Type.Union([Type.Literal('stop'), Type.Literal('rollback')], {
    description:
      'What happens when a step fails. `stop`: nothing new begins. `rollback`: what was done is undone in reverse order, and claims stay; a release that another caller has changed since stays as it is. A failed removal undoes nothing.',
    default: 'stop',
  }),
  plan: Type.Optional(
    Type.String({
      description:
        'The `digest` of a plan: another one is refused with 409 `PLAN_STALE`, and so is a release that changes before its step.',
      minLength: 1,
      maxLength: 100,
    }),
  ),
  dryrun: flag('Return the plan; nothing is written.'),
};

/** Parameters of restarting a project. */
export const restartProjectQuery = { ...changeQuery, mode: RestartMode };

/** Parameters of removing a release from a project. */
export const removeMemberQuery = {
  ...deleteProjectQuery,
  unwire: flag('Upgrade the releases of the project that depend on it first, so that they do not any more.'),
};

/** Parameters of dry runs. */
export const dryRunQuery = {
  hooks: flag("Add the chart's hooks to the objects."),
  crds: Type.Union(
    [Type.Literal('false'), Type.Literal('true'), Type.Literal('create'), Type.Literal('skip'), Type.Literal('apply')],
    {
      description:
        "`true`: add the chart's `crds/` to the objects. `create`, `skip`, `apply`: preview a change with this parameter; otherwise one with `create`.",
      default: 'false',
    },
  ),
  forceConflicts,
  resetValues: upgradeQuery.resetValues,
  recreate: upgradeQuery.recreate,
  diff: flag('Return the differences from the newest revision, object by object, instead of the objects.'),
  validate: Type.Union([Type.Literal('server'), Type.Literal('client')], {
    description:
      '`server`: the cluster judges every object as it would if it were applied (schema, immutable fields, conflicts, quotas of objects, admission), in the name of the caller, and the answer is the error that the change would fail with. `client`: only what rendering tells.',
    default: 'server',
  }),
  createNamespace: flag('Behave like an install with `createNamespace=true` if the namespace does not exist.'),
  strict: mutationQuery.strict,
};

/** Parameters of dry runs of projects. */
export const projectPreviewQuery = {
  hooks: dryRunQuery.hooks,
  crds: flag("Add the charts' `crds/` to the objects."),
  diff: flag('Return the differences from the newest revisions, release by release, instead of the objects.'),
  validate: dryRunQuery.validate,
  strict: mutationQuery.strict,
};

/** Parameters of the totals of projects. */
export const projectTotalsQuery = {
  sum: flag('Also return what all releases request together, and whether that fits into the quotas.'),
  strict: mutationQuery.strict,
};

/** Parameters of lists. */
export const listQuery = {
  labelselector: Type.Optional(
    Type.String({ description: 'Kubernetes label selector, evaluated on the labels of the releases.' }),
  ),
  limit: Type.Optional(Type.Integer({ description: 'Maximum items in one answer; 0 or absent: all.', minimum: 0 })),
  continue: Type.Optional(
    Type.String({
      description:
        'The `continue` of the previous answer, to get the next page. Valid with the same filters and the same `sort` only.',
    }),
  ),
};
