import { Type, type Static } from 'typebox';
import { described } from './json.ts';

const Amount = Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,3}%$' })]);

/** How the Deployments of a release replace their pods (decision 35: strategy). */
export const ReleaseStrategy = Type.Object(
  {
    type: Type.Optional(
      Type.Union([Type.Literal('RollingUpdate'), Type.Literal('Recreate')], {
        description: 'RollingUpdate creates new pods before removing all old ones, Recreate afterwards.',
      }),
    ),
    maxSurge: Type.Optional(
      described(Amount, 'Maximum pods above the desired number: a number or a percentage such as "25%".'),
    ),
    maxUnavailable: Type.Optional(
      described(Amount, 'Maximum unavailable pods: a number or a percentage such as "25%".'),
    ),
  },
  {
    $id: 'ReleaseStrategy',
    description:
      'Rollout strategy of all Deployments of the release, kept for later upgrades; fields that are not given keep the value of the chart, and an empty strategy returns to the chart.',
  },
);
export type ReleaseStrategy = Static<typeof ReleaseStrategy>;
