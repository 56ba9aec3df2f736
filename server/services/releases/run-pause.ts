import { pauseRules, pauseTransform, planPause } from '../../domain/pause-plan.ts';
import { pauseToJson, withPausePlugin } from '../../domain/pause-state.ts';
import { isPausedRevision } from '../../domain/release-record.ts';
import type { ClusterView } from '../../domain/cluster-view.ts';
import { type Clock, timestamp } from '../../ports/clock.ts';
import type { TaskExecutor } from '../tasks/task-executor.ts';
import type { createRewriteRelease } from './rewrite-release.ts';
import type { createSkipFailedRewrites } from './skip-failed-rewrites.ts';
import { createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunPauseDeps = RunChangeDeps & {
  skipFailedRewrites: ReturnType<typeof createSkipFailedRewrites>;
  rewriteRelease: ReturnType<typeof createRewriteRelease>;
  live: ClusterView;
  clock: Pick<Clock, 'now'>;
  /** Whether DaemonSets are paused, too (decision 33). */
  pauseDaemonSets: boolean;
};

/**
 * Carries out a pause: the release gets a revision with nothing that runs. One that is paused stays as it is, unless
 * a change from outside has set it going again.
 */
export function createRunPause(deps: RunPauseDeps): TaskExecutor {
  const { rewriteRelease, live, clock, pauseDaemonSets } = deps;
  return createRunChange(deps, 'pause', async (taken) => {
    const change = await deps.skipFailedRewrites(taken);
    const { current, written } = change;
    if (isPausedRevision(current, written?.facts ?? null)) {
      return { release: current };
    }
    const rules = pauseRules(live, pauseDaemonSets);
    const state = planPause(current.objects, live, rules, timestamp(clock));
    const warnings = state.notPaused.map((object) => ({
      code: 'NOT_PAUSED',
      message: `${object.kind} ${object.name} may go on running: Walm cannot pause it`,
      object,
    }));
    const release = await rewriteRelease(change, {
      cause: 'paused',
      ...(change.order.reason !== undefined && { reason: change.order.reason }),
      facts: { plugins: withPausePlugin(written?.facts.plugins ?? []), pause: pauseToJson(state) },
      transform: pauseTransform(rules),
      warnings,
    });
    return { release, warnings: [...release.warnings, ...warnings] };
  });
}
