import { Type, type Static } from 'typebox';
import { described, nullable, TextMap } from './json.ts';
import { DryRunDifference, PathDifference } from './object-difference.ts';
import { QuotaVerdict, ReleaseTotals, TotalSum } from './resource-totals.ts';
import { Warning } from './warning.ts';

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

/** Why a release is changed, or left alone. */
export const PlanReason = Type.Union(
  [
    Type.Literal('NOT_THERE'),
    Type.Literal('CHART_CHANGED'),
    Type.Literal('VALUES_CHANGED'),
    Type.Literal('COMMON_VALUES_CHANGED'),
    Type.Literal('LABELS_CHANGED'),
    Type.Literal('DEPENDENCIES_CHANGED'),
    Type.Literal('AUTOMATIC_DEPENDENCY'),
    Type.Literal('PLUGINS_CHANGED'),
    Type.Literal('SETTINGS_CHANGED'),
    Type.Literal('ADOPTED'),
    Type.Literal('FAILED_BEFORE'),
    Type.Literal('OUTSIDE_CHANGE'),
    Type.Literal('UNDER_WAY'),
    Type.Literal('NOT_NAMED'),
  ],
  {
    description:
      '`AUTOMATIC_DEPENDENCY`: the project connects it with another of its releases. `SETTINGS_CHANGED`: outputs, strategy or onFailure. `FAILED_BEFORE`: its newest revision failed. `OUTSIDE_CHANGE`: another client changed it last. `UNDER_WAY`: another change of it, or of the project, has not ended, so that what it will be is not known yet. `NOT_NAMED`: the request does not name it.',
  },
);
export type PlanReason = Static<typeof PlanReason>;

/** What is done with a release. */
export const StepAction = Type.Union([
  Type.Literal('install'),
  Type.Literal('upgrade'),
  Type.Literal('remove'),
  Type.Literal('none'),
]);
export type StepAction = Static<typeof StepAction>;

const chart = nullable(
  Type.Object(
    { name: Type.String(), version: Type.String(), digest: Type.String({ description: 'Of its archive.' }) },
    { $id: 'PlannedChart' },
  ),
);

/** What the plan does with one release. */
export const PlannedStep = Type.Object(
  {
    release: Type.String(),
    action: StepAction,
    wave: Type.Integer({ description: 'When: steps of a wave are independent of each other; 0: never.' }),
    after: Type.Array(Type.String(), { description: 'The releases whose steps come directly before.' }),
    reasons: Type.Array(PlanReason),
    revision: Type.Integer({ description: 'The applied revision that the plan was made from; 0: there is none.' }),
    chart: Type.Object({
      from: described(chart, 'Null for an install.'),
      to: described(chart, 'Null for a removal.'),
    }),
    values: Type.Array(PathDifference, {
      description: 'How configValues change in an upgrade; secrets are `***`. At most 1 MiB of all steps together.',
    }),
    valuesLeftOut: Type.Optional(Type.Literal(true, { description: 'The differences of values did not fit.' })),
    dependencies: described(TextMap, 'Key → release, as it will be.'),
    automatic: described(TextMap, 'Those of them that the project adds.'),
  },
  { $id: 'PlannedStep' },
);
export type PlannedStep = Static<typeof PlannedStep>;

/** How a project becomes what a request wants. Nothing has been written. */
export const ProjectPlan = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    digest: Type.String({
      description:
        'Changes exactly when the plan does, or a revision or chart that it was made from: sent as `plan`, it makes sure that this plan is carried out.',
    }),
    waves: Type.Array(Type.Array(Type.String()), { description: 'The releases that change, in the order of that.' }),
    steps: Type.Array(PlannedStep, { description: 'Those that the request names, in its order, then the others.' }),
    warnings: Type.Array(Warning),
  },
  { $id: 'ProjectPlan' },
);
export type ProjectPlan = Static<typeof ProjectPlan>;
