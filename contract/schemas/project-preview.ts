import { Type, type Static } from 'typebox';
import { DryRunDifference } from './object-difference.ts';
import { QuotaVerdict, ReleaseTotals, TotalSum } from './resource-totals.ts';

const name = Type.String({ description: 'Name of the release.' });

/** What a project request would change, release by release. */
export const ProjectDifference = Type.Object(
  {
    releases: Type.Array(Type.Object({ name, ...DryRunDifference.properties }), {
      description: 'The releases in the order in which they would be installed.',
    }),
  },
  { $id: 'ProjectDifference' },
);
export type ProjectDifference = Static<typeof ProjectDifference>;

/** The resources of one release of a project: cores, Mi and Gi (decision 16: units). */
export const MemberTotals = Type.Object({ name, ...ReleaseTotals.properties }, { $id: 'MemberTotals' });
export type MemberTotals = Static<typeof MemberTotals>;

/** The resources of the releases of a project, and of all together. */
export const ProjectTotals = Type.Object(
  {
    releases: Type.Array(MemberTotals, {
      description: 'The releases in the order in which they would be installed.',
    }),
    total: TotalSum,
    quota: QuotaVerdict,
  },
  { $id: 'ProjectTotals' },
);
export type ProjectTotals = Static<typeof ProjectTotals>;
