import { pauseRules, pauseTransform, planPause } from '../../../domain/workloads/pause-plan.ts';
import { countsBefore, halfPauses } from '../../../domain/release/half-pauses.ts';
import type { PauseOrder, OrderOf } from '../../../domain/tasks/task.ts';
import { pauseToJson, withPausePlugin } from '../../../domain/workloads/pause-state.ts';
import { isPausedRevision } from '../../../domain/release/release-record.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { type Clock, timestamp } from '../../../ports/runtime/clock.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import type { RewriteRelease } from './rewrite-release.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunPauseDeps = RunChangeDeps & {
  rewriteRelease: RewriteRelease;
  live: ClusterView;
  clock: Pick<Clock, 'now'>;
  /** Whether pausing includes DaemonSets (decision 33: DaemonSets are paused too). */
  pauseDaemonSets: boolean;
};

/**
 * Carries out a pause: writes a revision in which nothing runs. A paused release stays as it is, unless a foreign or a
 * failed change has started it again.
 */
export function createRunPause(deps: RunPauseDeps): TaskExecutor<OrderOf<'pause'>> {
  const { rewriteRelease, live, clock, pauseDaemonSets } = deps;
  return createRunChange<'pause'>(deps, async (change) => {
    const { current, written, attempts } = change;
    if (isPausedRevision(current, written?.facts ?? null)) {
      return attempts.length === 0 ? { release: current } : pausedAgain(change);
    }
    const rules = pauseRules(live, pauseDaemonSets, current.objects);
    const planned = planPause(current.objects, live, rules, timestamp(clock));
    const state = { ...planned, live: countsBefore(planned.live, halfPauses(current, attempts)) };
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

  /** A later failed change may have started some of its workloads. */
  async function pausedAgain(change: ChangeToCarryOut<PauseOrder>): Promise<ChangeOutcome> {
    const release = await rewriteRelease(change, { cause: 'paused', facts: {} });
    return { release, warnings: release.warnings };
  }
}
