import { createRestartRelease } from './services/releases/restart-release.ts';
import { createRunRestart, type RunRestartDeps } from './services/releases/run-restart.ts';

/** What carries out the changes of a running release, by what the task's order is. */
export function createLifecycleExecutors(deps: RunRestartDeps) {
  return { restart: createRunRestart(deps) };
}

/** What accepts them. */
export function createLifecycleServices(deps: Parameters<typeof createRestartRelease>[0]) {
  return { restartRelease: createRestartRelease(deps) };
}
