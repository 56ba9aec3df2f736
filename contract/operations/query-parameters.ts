import { Type } from 'typebox';
import { DEFAULT_WAIT_SEC } from '../schemas/default-waits.ts';

/** A switch; written as Go's ParseBool reads it: 1, t, T, TRUE, true, True and their opposites. */
function flag(description: string, byDefault = false) {
  return Type.Boolean({ description, default: byDefault });
}

/** Nobody waits longer than a day. */
const MAX_SEC = 86_400;

/** Of every operation that changes something. */
const changeQuery = {
  async: flag('Answer 202 with the task at once instead of waiting for it.'),
  timeoutSec: Type.Integer({
    description: `Seconds that a synchronous call waits for the task; 0 is ${DEFAULT_WAIT_SEC.release}. It bounds the wait only: the task carries on.`,
    default: 0,
    maximum: MAX_SEC,
  }),
  force: flag("End another Helm's unfinished operation on the release at once, instead of waiting for it."),
  strict: flag('Refuse names and fields that neither the chart nor Walm know, instead of warning about them.'),
};

const expectedRevision = Type.Optional(
  Type.Integer({
    description:
      'Refuse with 409 unless this is the revision of the release that was applied last, or a failed one above it.',
    minimum: 1,
  }),
);

/** Of changes of a release that wait for nothing. */
export const quickQuery = { ...changeQuery, expectedRevision };

const operationTimeoutSec = Type.Optional(
  Type.Integer({
    description:
      "Seconds for each of Helm's hooks and waits, for objects that are still being deleted, and for `wait`; absent is the server's option.",
    minimum: 1,
    maximum: MAX_SEC,
  }),
);

/** Of changes of many releases at once. */
export const projectQuery = { ...changeQuery, operationTimeoutSec };

/** Of changes of a release in which hooks run, or something is waited for. */
export const mutationQuery = { ...quickQuery, operationTimeoutSec };

/** Of what Helm runs hooks for. */
export const hooksQuery = {
  hooks: flag("false: run none of the chart's hooks, for example where one of them cannot succeed any more.", true),
};

/** Of everything that gives a release what it depends on (decision 39). */
export const dependencyQuery = {
  waitReady: flag('Wait until the releases that it depends on are ready, at most 10 minutes.', true),
  allowMissing: flag('A dependency may name a release that does not exist: a warning instead of an error.'),
};

/** Of installs and upgrades. */
export const applyQuery = {
  ...mutationQuery,
  ...dependencyQuery,
  createNamespace: flag('Create the namespace when it does not exist.'),
  crds: Type.Union([Type.Literal('create'), Type.Literal('skip'), Type.Literal('apply')], {
    description: "What to do with the chart's `crds/`: create what is missing (Helm's way), nothing, or apply.",
    default: 'create',
  }),
  wait: flag('Wait until the release is ready, and fail as soon as it cannot become ready; what was applied stays.'),
  forceConflicts: flag('Take over fields that another manager owns, instead of refusing with FIELD_CONFLICT.'),
  upsert: flag('Upgrade a release that exists, install one that does not.'),
};

/** Of upgrades. */
export const upgradeQuery = {
  ...applyQuery,
  ...hooksQuery,
  resetValues: flag('Forget all recorded configValues before those of the request are merged in.'),
  recreate: Type.Union([Type.Literal('none'), Type.Literal('orphan'), Type.Literal('delete')], {
    description:
      'What to do with an object whose change the cluster refuses because a field is immutable: refuse with FIELD_IMMUTABLE, or make it anew, its pods kept (`orphan`, not where its selector changes) or not (`delete`).',
    default: 'none',
  }),
};

const removalQuery = {
  deletePvcs: flag("Delete the claims of the release's StatefulSets too."),
  force: flag('Delete it although other releases depend on it: they keep the values that it gave them.'),
  keepHistory: flag('Keep the revisions, as `helm uninstall --keep-history`: the release is not listed any longer.'),
  ignoreNotFound: flag('Answer 200 when there is no such release.'),
};

/** Of deletes. */
export const deleteQuery = { ...mutationQuery, ...hooksQuery, ...removalQuery };

/** Of deletes of projects. */
export const deleteProjectQuery = { ...projectQuery, ...removalQuery };

/** Of dry runs. */
export const dryRunQuery = {
  hooks: flag("Add the chart's hooks to the objects."),
  crds: flag("Add the chart's `crds/` to the objects."),
  diff: flag('Answer the difference to the newest revision, object by object, instead of the objects.'),
  validate: Type.Union([Type.Literal('server'), Type.Literal('client')], {
    description:
      '`server`: the cluster judges every object as it would if it were applied (schema, immutable fields, conflicts, quotas of objects, admission), in the name of the caller, and the answer is the error that the change would fail with. `client`: only what rendering tells.',
    default: 'server',
  }),
  createNamespace: flag('Answer as an install with `createNamespace=true` where the namespace does not exist.'),
  strict: mutationQuery.strict,
};

/** Of lists. */
export const listQuery = {
  labelselector: Type.Optional(
    Type.String({ description: 'Kubernetes label selector, evaluated on the labels of the releases.' }),
  ),
  limit: Type.Optional(Type.Integer({ description: 'Most items in one answer; 0 or absent is all.', minimum: 0 })),
  continue: Type.Optional(Type.String({ description: 'The `continue` of the previous answer: go on behind it.' })),
};

/** Of lists of releases. All that is given must hold. */
export const releaseListQuery = {
  ...listQuery,
  chart: Type.Optional(Type.String({ description: 'Only releases of the chart with this name.' })),
  ready: Type.Optional(Type.Boolean({ description: 'Only releases that are ready, or that are not.' })),
  q: Type.Optional(
    Type.String({
      description: 'Only releases with this text in their name, namespace or chart name; case does not matter.',
    }),
  ),
  view: Type.Union([Type.Literal('full'), Type.Literal('summary')], {
    description:
      'How much to tell of each release. `summary` has null for configValues, computedValues, dependenciesConfigValues, outputConfigValues, metaInfoValues and releaseStatus, and empty notes; ready, message and waitingFor say how it is doing.',
    default: 'full',
  }),
};
