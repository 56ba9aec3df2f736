import { Type, type Static } from 'typebox';
import { AffectedDependent, ObjectDifference } from './object-difference.ts';
import { ReleaseTotals } from './resource-totals.ts';
import { Warning } from './warning.ts';

/** How one object would differ, with its texts before and after. Secrets are `***` everywhere. */
export const ObjectPreview = Type.Object(
  {
    ...ObjectDifference.properties,
    before: Type.Optional(
      Type.String({ description: 'The object as recorded now, as YAML; absent if it is added, or left out.' }),
    ),
    after: Type.Optional(
      Type.String({ description: 'The object after the change, as YAML; absent if it is removed, kept, or left out.' }),
    ),
    leftOut: Type.Optional(
      Type.Literal(true, {
        description: 'Texts and differences are left out, because they are too large to be shown with the others.',
      }),
    ),
  },
  { $id: 'ObjectPreview' },
);
export type ObjectPreview = Static<typeof ObjectPreview>;

/** What an install or an upgrade would do, from one rendering. */
export const ReleasePreview = Type.Object(
  {
    action: Type.Union([Type.Literal('install'), Type.Literal('upgrade')], {
      description: 'What the request would be: an upgrade if the release exists.',
    }),
    namespace: Type.String(),
    name: Type.String(),
    revision: Type.Integer({ description: 'Revision that the rendering is compared with; 0 for an install.' }),
    chartDigest: Type.String({ description: 'sha256 of the archive of the chart, hexadecimal.' }),
    objects: Type.Array(ObjectPreview, {
      description:
        'Objects that would be added, changed or removed, in the order of the manifest; those that would be removed, or kept although the release would not have them any longer, are last.',
    }),
    totals: ReleaseTotals,
    dependents: Type.Array(AffectedDependent, {
      description: 'Dependents that would be upgraded afterwards, because outputs they use would change.',
    }),
    hiddenDependents: Type.Integer({ description: 'Number of further releases that the caller may not list.' }),
    warnings: Type.Array(Warning),
  },
  { $id: 'ReleasePreview', description: 'What an install or an upgrade would do. Nothing has been written.' },
);
export type ReleasePreview = Static<typeof ReleasePreview>;
