import { createRevisionReader } from '../services/history/read-revision.ts';
import { createAdoptRelease, createDetachRelease } from '../services/releases/accept/adopt-release.ts';
import { type BulkChangeDeps, createBulkChange } from '../services/releases/accept/bulk-change.ts';
import {
  createPauseRelease,
  createRecoverRelease,
  type PauseReleaseDeps,
} from '../services/releases/accept/pause-release.ts';
import { createRestartRelease } from '../services/releases/accept/restart-release.ts';
import { createRewriteRelease, type RewriteReleaseDeps } from '../services/releases/execute/rewrite-release.ts';
import { createRunAdopt } from '../services/releases/execute/run-adopt.ts';
import { createRunDetach } from '../services/releases/execute/run-detach.ts';
import { createRunHold, type RunHoldDeps } from '../services/releases/execute/run-hold.ts';
import { createRunPause, type RunPauseDeps } from '../services/releases/execute/run-pause.ts';
import { createRunRecover, type RunRecoverDeps } from '../services/releases/execute/run-recover.ts';
import { createRunRestart, type RunRestartDeps } from '../services/releases/execute/run-restart.ts';
import { createRunTest, type RunTestDeps } from '../services/releases/execute/run-test.ts';
import { createTestRelease } from '../services/releases/accept/test-release.ts';

/** What the executors need from the rest of the server. */
type LifecycleDeps = RunRestartDeps &
  Omit<RunTestDeps, 'reader'> &
  Parameters<typeof createRevisionReader>[0] &
  RewriteReleaseDeps &
  Omit<RunPauseDeps & RunRecoverDeps & RunHoldDeps, 'rewriteRelease'>;

/** What carries out the changes of a running release, by what the task's order is. */
export function createLifecycleExecutors(deps: LifecycleDeps) {
  const rewriting = { ...deps, rewriteRelease: createRewriteRelease(deps) };
  return {
    restart: createRunRestart(deps),
    pause: createRunPause(rewriting),
    recover: createRunRecover(rewriting),
    adopt: createRunAdopt(rewriting),
    detach: createRunDetach(rewriting),
    hold: createRunHold(rewriting),
    test: createRunTest({ ...deps, reader: createRevisionReader(deps) }),
  };
}

/** What accepts them, one by one and many at once. */
export function createLifecycleServices(
  deps: PauseReleaseDeps & Pick<BulkChangeDeps, 'cache' | 'authorization' | 'refuseDependents' | 'deleteRelease'>,
) {
  const services = {
    restartRelease: createRestartRelease(deps),
    pauseRelease: createPauseRelease(deps),
    recoverRelease: createRecoverRelease(deps),
    adoptRelease: createAdoptRelease(deps),
    detachRelease: createDetachRelease(deps),
    testRelease: createTestRelease(deps),
  };
  return { ...services, changeReleases: createBulkChange({ ...deps, ...services }) };
}
