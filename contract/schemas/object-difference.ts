import { Type, type Static } from 'typebox';
import { AnyValue, described } from './json.ts';

/** One place that differs. A side that has nothing there is left out. */
export const PathDifference = Type.Object(
  {
    path: Type.String({ description: 'JSON pointer.' }),
    old: Type.Optional(described(AnyValue, 'Absent where there was nothing.')),
    new: Type.Optional(described(AnyValue, 'Absent where there is nothing any more.')),
  },
  { $id: 'PathDifference' },
);
export type PathDifference = Static<typeof PathDifference>;

/** How one object differs. Secrets are `***` on both sides. */
export const ObjectDifference = Type.Object(
  {
    change: Type.Union([Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')]),
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String({ description: 'Empty for cluster-wide kinds.' }),
    name: Type.String(),
    differences: Type.Array(PathDifference, { description: 'Of an object that was added or removed: none.' }),
  },
  { $id: 'ObjectDifference' },
);
export type ObjectDifference = Static<typeof ObjectDifference>;

/** A release that would be upgraded because of another one's upgrade. */
export const AffectedDependent = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    key: Type.String({ description: 'The dependency that names the other.' }),
    outputs: Type.Array(Type.String(), { description: 'Names of the outputs that would be others than it was given.' }),
  },
  { $id: 'AffectedDependent' },
);
export type AffectedDependent = Static<typeof AffectedDependent>;

/** How a dry run would change the objects of a release. */
export const DryRunDifference = Type.Object(
  {
    revision: Type.Integer({
      description: 'Revision that it is compared with; 0: there is none, everything is added.',
    }),
    objects: Type.Array(ObjectDifference),
    dependents: Type.Array(AffectedDependent, {
      description: 'Releases that would be upgraded after it, because what they take from this one would change.',
    }),
    hiddenDependents: Type.Integer({ description: 'How many more, of releases that the caller may not list.' }),
  },
  { $id: 'DryRunDifference' },
);
export type DryRunDifference = Static<typeof DryRunDifference>;
