import { taskOfLastFailure } from '../../domain/answers/last-failure.ts';
import { isFinished, isPartOf, type Task, taskKey } from '../../domain/tasks/task.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { CurrentReleases } from '../../services/releases/observe/current-releases.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

export type HousekeepingDeps = {
  store: Pick<TaskStore, 'all' | 'tasksOf' | 'remove'>;
  cache: Pick<ReleaseCache, 'get'>;
  current: Pick<CurrentReleases, 'get'>;
  leadership: Pick<Leadership, 'isLeader'>;
  /** Removes chart archives that nothing refers to. */
  collectArchives: () => Promise<void>;
  clock: Clock;
  /** How long a finished task can be read. */
  retentionMs: number;
  onError: (error: unknown) => void;
};

const EVERY_MS = 60_000;

/**
 * While this replica leads, removes what is stored for a limited time: finished tasks, and archives without a release.
 * The task of a release's last failure stays as long as the release shows that failure: at most one per release. So do the
 * parts of a project's task that has not ended.
 */
export function createHousekeeping(deps: HousekeepingDeps): { run(signal: AbortSignal): Promise<void> } {
  const { store, cache, current, leadership, collectArchives, clock, retentionMs, onError } = deps;

  async function isStillTold(task: Task): Promise<boolean> {
    if (task.state === 'succeeded' || task.project !== undefined) {
      return false;
    }
    const key = taskKey(task);
    // A release that this replica does not show yet may show this failure.
    const record = (await cache.get(key)) ?? (await current.get(key));
    return record !== undefined && taskOfLastFailure(record, store.tasksOf(key))?.id === task.id;
  }

  async function removeOldTasks(): Promise<void> {
    const before = clock.now() - retentionMs;
    const tasks = store.all().map(({ task }) => task);
    const wholes = tasks.filter((task) => task.project !== undefined && !isFinished(task));
    // The parts that there are say how far a project has got.
    const isNeeded = ({ id }: Task) => wholes.some((whole) => isPartOf(id, whole));
    for (const task of tasks) {
      const isOld = isFinished(task) && Date.parse(task.finishedAt ?? task.createdAt) < before;
      if (isOld && !isNeeded(task) && !(await isStillTold(task))) {
        await store.remove(task.id);
      }
    }
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, EVERY_MS, signal).catch(() => undefined);
        if (!signal.aborted && leadership.isLeader()) {
          await removeOldTasks().then(collectArchives).catch(onError);
        }
      }
    },
  };
}
