import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import { liveReadiness } from '../../domain/answers/live-readiness.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { providerKey } from '../../domain/dependencies/release-dependencies.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Recheck, TaskRun } from '../tasks/task-executor.ts';
import type { FindDeployed } from '../releases/observe/find-deployed.ts';
import type { WatchRelease } from '../releases/observe/watch-release.ts';

export type AwaitProvidersDeps = {
  findDeployed: FindDeployed;
  store: Pick<TaskStore, 'unfinishedOf'>;
  live: ClusterView;
  watchRelease: WatchRelease;
  clock: Pick<Clock, 'now'>;
};

/** How long a release waits for its dependencies (decision 39: which outputs a dependent gets). */
const MAX_WAIT_MS = 10 * 60_000;
/** Changes of providers arrive as notifications; this covers lost ones, and the end of the maximum wait. */
const RECHECK_MS = 5_000;

/**
 * Lets a task wait until every provider of its release is ready, and reports what it waits for; null: continue. A
 * provider that does not exist and is not being installed is not waited for: whether it has to exist is decided when
 * its outputs are read.
 * @throws ProblemError DEPENDENCY_NOT_READY after 10 minutes
 */
export type AwaitProviders = (
  task: Pick<Task, 'namespace' | 'startedAt'>,
  dependencies: Record<string, string>,
  run: Pick<TaskRun, 'report'>,
) => Promise<Recheck | null>;

export function createAwaitProviders({
  findDeployed,
  store,
  live,
  watchRelease,
  clock,
}: AwaitProvidersDeps): AwaitProviders {
  /** Why a provider cannot be used yet; null if it can. */
  async function reasonOf(key: ReleaseKey): Promise<string | null> {
    const record = await findDeployed(key);
    if (record === null) {
      return store.unfinishedOf(key).length > 0 ? 'it is being installed' : null;
    }
    const { ready, message } = liveReadiness(record, live, clock.now());
    return ready ? null : message;
  }

  /** Calls `wake` for each change of the provider, including one that happened before this call. */
  function listen(key: ReleaseKey, wake: () => void): () => void {
    const stop = watchRelease(key, wake);
    reasonOf(key).then(
      (reason) => reason === null && wake(),
      () => wake(),
    );
    return stop;
  }

  return async function awaitProviders(task, dependencies, run) {
    for (const [key, provider] of Object.entries(dependencies)) {
      const at = providerKey(provider, task.namespace);
      const reason = await reasonOf(at);
      if (reason !== null) {
        // The reason is shown to everyone who may read the release, and they may not be allowed to see other
        // namespaces.
        const isOwn = parseReleaseKey(at).namespace === task.namespace;
        const message = isOwn
          ? `waits for release ${at}, which dependency ${key} names: ${reason}`
          : `waits for the release that dependency ${key} names: it is not ready`;
        const since = Date.parse(task.startedAt ?? '');
        if (clock.now() - (Number.isNaN(since) ? clock.now() : since) > MAX_WAIT_MS) {
          throw problem(
            'DEPENDENCY_NOT_READY',
            `not ready within 10 minutes: it ${message}`,
            isOwn ? { provider: at } : { key },
          );
        }
        run.report({ phase: 'wait', message });
        return { recheckMs: RECHECK_MS, sooner: (wake) => listen(at, wake) };
      }
    }
    return null;
  };
}
