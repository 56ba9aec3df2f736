import { Type, type Static } from 'typebox';
import { PathDifference } from './object-difference.ts';

/** The state of one recorded object in the cluster. */
export const ObjectDrift = Type.Object(
  {
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String({ description: 'Namespace; empty for cluster-scoped kinds.' }),
    name: Type.String(),
    state: Type.Union(
      [
        Type.Literal('in sync'),
        Type.Literal('changed'),
        Type.Literal('missing'),
        Type.Literal('forbidden'),
        Type.Literal('unknown'),
      ],
      {
        description:
          '`changed`: fields differ from the manifest. `forbidden`: the caller lacks the right to compare the object. `unknown`: the object cannot be compared.',
      },
    ),
    differences: Type.Array(PathDifference, {
      description: 'Changed fields: `old` is the value of the manifest, `new` the live value.',
    }),
    message: Type.String({ description: 'Why the state is unknown; empty otherwise.' }),
  },
  { $id: 'ObjectDrift' },
);
export type ObjectDrift = Static<typeof ObjectDrift>;

/** How the live objects of a release differ from its recorded manifest. Secrets are `***`. */
export const ReleaseDrift = Type.Object(
  {
    revision: Type.Integer(),
    drifted: Type.Boolean({ description: 'Whether any object was changed or is missing.' }),
    objects: Type.Array(ObjectDrift),
  },
  { $id: 'ReleaseDrift' },
);
export type ReleaseDrift = Static<typeof ReleaseDrift>;

/** The result of one test hook of a chart. Times are RFC 3339, empty if not reached. */
export const ReleaseTestResult = Type.Object(
  {
    name: Type.String({ description: 'Name of the hook.' }),
    kind: Type.String({ description: 'Kind of the hook: Pod or Job.' }),
    phase: Type.String({ description: 'Succeeded, Failed, Running (at the timeout) or Unknown.' }),
    startedAt: Type.String({ description: 'RFC 3339.' }),
    completedAt: Type.String({ description: 'RFC 3339.' }),
    message: Type.String({ description: 'Why the test failed; empty otherwise.' }),
    log: Type.String({
      description: 'The end of the logs of its containers; at most 256 KiB for all tests together.',
    }),
  },
  { $id: 'ReleaseTestResult' },
);

/** The results of the test hooks of a release. */
export const ReleaseTests = Type.Object(
  {
    revision: Type.Integer({ description: 'Revision that was tested.' }),
    passed: Type.Boolean({ description: 'Whether every test succeeded; true if there are no tests.' }),
    failed: Type.Array(Type.String(), { description: 'Names of the tests that did not succeed.' }),
    tests: Type.Array(ReleaseTestResult, { description: 'The tests, in the order in which they ran.' }),
  },
  {
    $id: 'ReleaseTests',
    description: 'Results of the test hooks of a release; only in the answer about the task that ran them.',
  },
);
export type ReleaseTests = Static<typeof ReleaseTests>;
