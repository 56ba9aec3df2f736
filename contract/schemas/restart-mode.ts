import { Type, type Static } from 'typebox';

/** How a restart replaces pods. */
export const RestartMode = Type.Union([Type.Literal('auto'), Type.Literal('rolling'), Type.Literal('delete')], {
  description:
    '`rolling`: one after the other, as the strategy of the workload says. `delete`: all pods at once. `auto`: rolling where the workload is ready, delete where it is not or does not roll by itself (OnDelete).',
  default: 'auto',
});
export type RestartMode = Static<typeof RestartMode>;
