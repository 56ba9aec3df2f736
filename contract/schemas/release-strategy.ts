import { Type, type Static } from 'typebox';
import { described } from './json.ts';

const Amount = Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,3}%$' })]);

/** How the Deployments of a release replace their pods (decision 35). */
export const ReleaseStrategy = Type.Object(
  {
    type: Type.Optional(
      Type.Union([Type.Literal('RollingUpdate'), Type.Literal('Recreate')], {
        description: 'New pods before old ones go, or after.',
      }),
    ),
    maxSurge: Type.Optional(described(Amount, 'Pods beside the wanted number: a count, or a share such as "25%".')),
    maxUnavailable: Type.Optional(described(Amount, 'Pods that may be missing: a count, or a share such as "25%".')),
  },
  {
    $id: 'ReleaseStrategy',
    description:
      'Rollout strategy of all Deployments of the release, kept for later upgrades; what it does not say stays as the chart has it, and an empty one goes back to the chart.',
  },
);
export type ReleaseStrategy = Static<typeof ReleaseStrategy>;
