import { recoverTransform } from '../../domain/pause-plan.ts';
import { hasPausePlugin, readPauseState, withoutPausePlugin } from '../../domain/pause-state.ts';
import type { Workloads } from '../../ports/workloads.ts';
import type { TaskExecutor } from '../tasks/task-executor.ts';
import type { createRewriteRelease } from './rewrite-release.ts';
import type { createSkipFailedRewrites } from './skip-failed-rewrites.ts';
import { createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunRecoverDeps = RunChangeDeps & {
  skipFailedRewrites: ReturnType<typeof createSkipFailedRewrites>;
  rewriteRelease: ReturnType<typeof createRewriteRelease>;
  workloads: Pick<Workloads, 'scale'>;
};

/**
 * Carries out a recovery: the release gets back what its pause took, and workloads that were scaled by others before
 * it are scaled so again. A release that is not paused stays as it is.
 */
export function createRunRecover(deps: RunRecoverDeps): TaskExecutor {
  const { rewriteRelease, workloads } = deps;
  return createRunChange(deps, 'recover', async (taken) => {
    const change = await deps.skipFailedRewrites(taken);
    const facts = change.written?.facts;
    if (facts === undefined || !hasPausePlugin(facts.plugins)) {
      return { release: change.current };
    }
    const state = readPauseState(facts.pause ?? {});
    const release = await rewriteRelease(change, {
      cause: 'recovered',
      facts: { plugins: withoutPausePlugin(facts.plugins), pause: null },
      transform: recoverTransform(state),
    });
    await Promise.all(state.live.map(({ replicas, ...ref }) => workloads.scale(ref, replicas)));
    return { release, warnings: release.warnings };
  });
}
