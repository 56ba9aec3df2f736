import { Type, type Static } from 'typebox';
import { AnyValue, described } from './json.ts';

/** One difference. A missing side is left out. */
export const PathDifference = Type.Object(
  {
    path: Type.String({ description: 'JSON pointer.' }),
    old: Type.Optional(described(AnyValue, 'Old value; absent if the field was added.')),
    new: Type.Optional(described(AnyValue, 'New value; absent if the field was removed.')),
  },
  { $id: 'PathDifference' },
);
export type PathDifference = Static<typeof PathDifference>;

/** How one object differs. Secrets are `***` on both sides. */
export const ObjectDifference = Type.Object(
  {
    change: Type.Union(
      [Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed'), Type.Literal('kept')],
      {
        description:
          '`kept`, in dry runs: the release would not have it any longer, but it would stay in the cluster, and `reason` says why.',
      },
    ),
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String({ description: 'Namespace; empty for cluster-scoped kinds.' }),
    name: Type.String(),
    differences: Type.Array(PathDifference, {
      description: 'Changed fields; empty for an object that was added, removed or kept.',
    }),
    reason: Type.Optional(
      Type.String({ description: 'Why it is kept, or is not there any longer; absent otherwise.' }),
    ),
  },
  { $id: 'ObjectDifference' },
);
export type ObjectDifference = Static<typeof ObjectDifference>;

/** A release that would be upgraded because of another one's upgrade. */
export const AffectedDependent = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    key: Type.String({ description: 'Key of the dependency that names the provider.' }),
    outputs: Type.Array(Type.String(), {
      description: 'Names of the outputs that would differ from those injected now.',
    }),
  },
  { $id: 'AffectedDependent' },
);
export type AffectedDependent = Static<typeof AffectedDependent>;

/** How a dry run would change the objects of a release. */
export const DryRunDifference = Type.Object(
  {
    revision: Type.Integer({
      description: 'Revision that the render is compared with; 0 if there is none and everything is added.',
    }),
    objects: Type.Array(ObjectDifference),
    dependents: Type.Array(AffectedDependent, {
      description: 'Dependents that would be upgraded afterwards, because outputs they use would change.',
    }),
    hiddenDependents: Type.Integer({ description: 'Number of further releases that the caller may not list.' }),
  },
  { $id: 'DryRunDifference' },
);
export type DryRunDifference = Static<typeof DryRunDifference>;
