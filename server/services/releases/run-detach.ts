import { problem } from '../../domain/problem-error.ts';
import type { WrittenRevision } from '../../domain/recorded-request.ts';
import { isPausedRevision } from '../../domain/release-record.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';
import type { TaskExecutor } from '../tasks/task-executor.ts';
import type { createRewriteRelease } from './rewrite-release.ts';
import { createRunChange, type RunChangeDeps } from './run-change.ts';

export type RunDetachDeps = RunChangeDeps & {
  rewriteRelease: ReturnType<typeof createRewriteRelease>;
};

/**
 * Carries out a detachment: a last revision without ReleaseConfig leaves the release to plain Helm (decision 11). One
 * that Walm never changed stays as it is. Throws RELEASE_PAUSED: nobody else would know how to recover it.
 */
export function createRunDetach(deps: RunDetachDeps): TaskExecutor {
  return createRunChange(deps, 'detach', async (change) => {
    const { current, written } = change;
    if (written === null) {
      return { release: current };
    }
    refusePaused(current, written);
    const release = await deps.rewriteRelease(change, { cause: 'detached', facts: null });
    return { release, warnings: release.warnings };
  });
}

/** @throws ProblemError RELEASE_PAUSED: nobody else would know how to recover it */
export function refusePaused(current: HelmRelease, written: WrittenRevision | null): void {
  const { namespace, name } = current;
  if (written !== null && isPausedRevision(current, written.facts)) {
    const object = { kind: 'Release', namespace, name };
    throw problem('RELEASE_PAUSED', `the release ${namespace}/${name} is paused: recover it first`, {}, object);
  }
}
