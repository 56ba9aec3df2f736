import { isFinished } from '../../domain/tasks/task.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

export type HousekeepingDeps = {
  store: Pick<TaskStore, 'all' | 'remove'>;
  leadership: Pick<Leadership, 'isLeader'>;
  /** Removes chart archives that nothing refers to. */
  collectArchives: () => Promise<void>;
  clock: Clock;
  /** How long a finished task can be read. */
  retentionMs: number;
  onTrouble: (error: unknown) => void;
};

const EVERY_MS = 60_000;

/** While this replica leads, removes what is kept for a time only: finished tasks, and archives without a release. */
export function createHousekeeping(deps: HousekeepingDeps): { run(signal: AbortSignal): Promise<void> } {
  const { store, leadership, collectArchives, clock, retentionMs, onTrouble } = deps;

  async function removeOldTasks(): Promise<void> {
    const before = clock.now() - retentionMs;
    for (const { task } of store.all()) {
      if (isFinished(task) && Date.parse(task.finishedAt ?? task.createdAt) < before) {
        await store.remove(task.id);
      }
    }
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, EVERY_MS, signal).catch(() => undefined);
        if (!signal.aborted && leadership.isLeader()) {
          await removeOldTasks().then(collectArchives).catch(onTrouble);
        }
      }
    },
  };
}
