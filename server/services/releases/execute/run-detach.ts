import type { OrderOf } from '../../../domain/tasks/task.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import { refusePaused } from '../observe/refuse-paused.ts';
import type { RewriteRelease } from './rewrite-release.ts';
import { createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunDetachDeps = RunChangeDeps & {
  rewriteRelease: RewriteRelease;
};

/**
 * Carries out a detachment: a last revision without ReleaseConfig leaves the release to plain Helm (decision 11:
 * detach). A release that Walm never changed stays as it is. Throws RELEASE_PAUSED, because plain Helm cannot recover
 * it.
 */
export function createRunDetach(deps: RunDetachDeps): TaskExecutor<OrderOf<'detach'>> {
  return createRunChange<'detach'>(deps, async (change) => {
    const { current, written } = change;
    if (written === null) {
      return { release: current };
    }
    refusePaused(current, written);
    const release = await deps.rewriteRelease(change, { cause: 'detached', facts: null });
    return { release, warnings: release.warnings };
  });
}
