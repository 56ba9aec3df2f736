import { Type, type Static } from 'typebox';

const Amount = Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,3}%$' })], {
  description: 'Pods, or a share such as "25%".',
});

/** How the Deployments of a release replace their pods (decision 35). */
export const ReleaseStrategy = Type.Object(
  {
    type: Type.Optional(Type.Union([Type.Literal('RollingUpdate'), Type.Literal('Recreate')])),
    maxSurge: Type.Optional(Amount),
    maxUnavailable: Type.Optional(Amount),
  },
  {
    $id: 'ReleaseStrategy',
    description:
      'Rollout strategy of all Deployments of the release, kept for later upgrades; what it does not say stays as the chart has it, and an empty one goes back to the chart.',
  },
);
export type ReleaseStrategy = Static<typeof ReleaseStrategy>;
