import { pauseRules, pauseTransform, planPause } from '../../../domain/workloads/pause-plan.ts';
import { hasPausePlugin, pauseToJson } from '../../../domain/workloads/pause-state.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { AdoptOrder, OrderOf } from '../../../domain/tasks/task.ts';
import { timestamp } from '../../../ports/runtime/clock.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import { type ChangeOutcome, type ChangeToCarryOut, createRunChange } from './run-change.ts';
import type { RunPauseDeps } from './run-pause.ts';

/**
 * Carries out an adoption: a release that plain Helm made or changed gets a revision with Walm's facts (decision 5:
 * Helm owns the record). Facts that Walm recorded earlier apply again: a paused release is paused again. A release with
 * facts but without a valid seal is rewritten unchanged, in the name of the adopting caller. A release that Walm wrote
 * last stays as it is.
 */
export function createRunAdopt(deps: RunPauseDeps): TaskExecutor<OrderOf<'adopt'>> {
  const { rewriteRelease, live, clock, pauseDaemonSets } = deps;
  return createRunChange<'adopt'>(deps, async (change) => {
    const { current, written } = change;
    if (readReleaseFacts(current.releaseConfig) !== null) {
      return current.seal.sealed ? { release: current } : sealAgain(change);
    }
    const rules = pauseRules(live, pauseDaemonSets, current.objects);
    const isPaused = hasPausePlugin(written?.facts.plugins ?? []);
    const pause = isPaused ? pauseToJson(planPause(current.objects, live, rules, timestamp(clock))) : null;
    const release = await rewriteRelease(change, {
      cause: 'adopted',
      facts: { pause },
      ...(isPaused && { transform: pauseTransform(rules) }),
    });
    return { release, warnings: release.warnings };
  });

  async function sealAgain(change: ChangeToCarryOut<AdoptOrder>): Promise<ChangeOutcome> {
    const release = await rewriteRelease(change, { cause: 'adopted', facts: {} });
    return { release, warnings: release.warnings };
  }
}
