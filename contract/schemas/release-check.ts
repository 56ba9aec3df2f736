import { Type, type Static } from 'typebox';
import { PathDifference } from './object-difference.ts';

/** How one recorded object is on the cluster. */
export const ObjectDrift = Type.Object(
  {
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String({ description: 'Empty for cluster-wide kinds.' }),
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
          '`changed`: somebody changed fields of it. `forbidden`: the cluster does not let the caller compare it. `unknown`: it cannot be compared.',
      },
    ),
    differences: Type.Array(PathDifference, {
      description: 'Where it was changed: `old` is what the manifest makes of it, `new` what runs.',
    }),
    message: Type.String({ description: 'Why nothing is known of it; empty otherwise.' }),
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

/** How one test hook of a chart went. Times are RFC 3339, empty where it was not reached. */
export const ReleaseTestResult = Type.Object(
  {
    name: Type.String({ description: 'Name of the hook.' }),
    kind: Type.String({ description: 'Its kind: Pod or Job.' }),
    phase: Type.String({ description: 'Succeeded, Failed, Running (when the time was over) or Unknown.' }),
    startedAt: Type.String({ description: 'RFC 3339.' }),
    completedAt: Type.String({ description: 'RFC 3339.' }),
    message: Type.String({ description: 'Why it failed; empty otherwise.' }),
    log: Type.String({
      description: 'The end of what its containers printed; at most 256 KiB for all tests together.',
    }),
  },
  { $id: 'ReleaseTestResult' },
);

/** How the test hooks of a release went. */
export const ReleaseTests = Type.Object(
  {
    revision: Type.Integer({ description: 'Revision whose tests ran.' }),
    passed: Type.Boolean({ description: 'Whether every test succeeded; true when there is none.' }),
    failed: Type.Array(Type.String(), { description: 'Names of the tests that did not succeed.' }),
    tests: Type.Array(ReleaseTestResult, { description: 'Each test, in the order in which they ran.' }),
  },
  {
    $id: 'ReleaseTests',
    description: 'How the test hooks of a release went; in the answer about the one task that ran them.',
  },
);
export type ReleaseTests = Static<typeof ReleaseTests>;
