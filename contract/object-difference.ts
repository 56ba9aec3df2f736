import { Type, type Static } from 'typebox';
import { AnyValue } from './json.ts';

/** One place that differs. A side that has nothing there is left out. */
export const PathDifference = Type.Object(
  {
    path: Type.String({ description: 'JSON pointer.' }),
    old: Type.Optional(AnyValue),
    new: Type.Optional(AnyValue),
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
