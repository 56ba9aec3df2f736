import { Type } from 'typebox';

/** A switch; written as Go's ParseBool reads it: 1, t, T, TRUE, true, True and their opposites. */
function flag(description: string, byDefault = false) {
  return Type.Boolean({ description, default: byDefault });
}

/** Of every operation that changes a release. */
export const mutationQuery = {
  async: flag('Answer 202 with the task at once instead of waiting for it.'),
  timeoutSec: Type.Integer({
    description:
      'Seconds that a synchronous call waits for the task; 0 is 60. It bounds the wait only: the task carries on.',
    default: 0,
  }),
  strict: flag('Refuse names and fields that neither the chart nor Walm know, instead of warning about them.'),
};

/** Of everything that gives a release what it depends on (decision 39). */
export const dependencyQuery = {
  waitReady: flag('Wait until the releases that it depends on are ready, at most 10 minutes.', true),
  allowMissing: flag('A dependency may name a release that does not exist: a warning instead of an error.'),
};

/** Of installs. */
export const installQuery = {
  ...mutationQuery,
  ...dependencyQuery,
  createNamespace: flag('Create the namespace when it does not exist.'),
  crds: Type.Union([Type.Literal('create'), Type.Literal('skip'), Type.Literal('apply')], {
    description: "What to do with the chart's `crds/`: create what is missing (Helm's way), nothing, or apply.",
    default: 'create',
  }),
};

/** Of deletes. */
export const deleteQuery = {
  ...mutationQuery,
  deletePvcs: flag("Delete the claims of the release's StatefulSets too."),
  force: flag('Delete it although other releases depend on it: they keep the values that it gave them.'),
  ignoreNotFound: flag('Answer 200 when there is no such release.'),
};

/** Of dry runs. */
export const dryRunQuery = {
  hooks: flag("Add the chart's hooks to the objects."),
  crds: flag("Add the chart's `crds/` to the objects."),
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
