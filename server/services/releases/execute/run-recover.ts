import { recoverTransform } from '../../../domain/workloads/pause-plan.ts';
import { hasPausePlugin, readPauseState, withoutPausePlugin } from '../../../domain/workloads/pause-state.ts';
import type { RecoverOrder, OrderOf } from '../../../domain/tasks/task.ts';
import { ownCounts } from '../../../domain/workloads/own-objects.ts';
import type { Workloads } from '../../../ports/cluster/workloads.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import type { RewriteRelease } from './rewrite-release.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunRecoverDeps = RunChangeDeps & {
  rewriteRelease: RewriteRelease;
  workloads: Pick<Workloads, 'scale'>;
};

/**
 * Carries out a recovery: the release gets back what its pause removed, and workloads of the release that were scaled
 * by others before the pause are scaled like that again. A release that is not paused stays as it is; if a change has
 * failed since, the applied revision is written again.
 */
export function createRunRecover(deps: RunRecoverDeps): TaskExecutor<OrderOf<'recover'>> {
  const { rewriteRelease, workloads } = deps;
  return async function runRecover(task, run) {
    let { order } = task;
    const recover = createRunChange<'recover'>(deps, async (change) => {
      const facts = change.written?.facts;
      if (facts === undefined || !hasPausePlugin(facts.plugins)) {
        return change.attempts.length === 0 ? { release: change.current } : asApplied(change);
      }
      const state = readPauseState(facts.pause ?? {});
      if (state.live.length > 0) {
        // The next revision forgets the pause, so what remains to be done afterwards is saved in the task.
        order = { ...order, scales: state.live };
        await run.save({ order });
      }
      const release = await rewriteRelease(change, {
        cause: 'recovered',
        facts: { plugins: withoutPausePlugin(facts.plugins), pause: null },
        transform: recoverTransform(state),
      });
      return { release, warnings: release.warnings };
    });
    const result = await recover(task, run);
    if (!('recheckMs' in result)) {
      await Promise.all(
        ownCounts({ namespace: task.namespace, name: task.release }, deps.live, order.scales ?? []).map(
          ({ replicas, ...ref }) => workloads.scale(ref, replicas, task.caller),
        ),
      );
    }
    return result;
  };

  async function asApplied(change: ChangeToCarryOut<RecoverOrder>): Promise<ChangeOutcome> {
    const release = await rewriteRelease(change, { cause: 'recovered', facts: {} });
    return { release, warnings: release.warnings };
  }
}
