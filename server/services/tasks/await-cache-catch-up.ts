import { type Task, taskKey } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { isPending } from '../../domain/revisions/helm-status.ts';

/** A replica that did not run the task itself sees its effect through the watch within a moment. */
const MAX_WAIT_MS = 2_000;

/**
 * Lets a caller who waited for a task read its effect from the replica that answers: waits until the view of that
 * replica has the revision, or no longer has the release, but at most two seconds.
 */
export type AwaitCacheCatchUp = (task: Task) => Promise<void>;

export function createAwaitCacheCatchUp({
  cache,
  clock,
}: {
  cache: Pick<ReleaseCache, 'get' | 'subscribe'>;
  clock: Clock;
}): AwaitCacheCatchUp {
  return async function awaitCacheCatchUp(task) {
    const key = taskKey(task);
    const isSeen = async () => {
      const record = await cache.get(key);
      return task.order.kind === 'delete'
        ? record === undefined
        : record !== undefined && record.revision >= (task.revision ?? 0) && !isPending(record.status);
    };
    if (task.release === '' || task.state !== 'succeeded' || (await isSeen())) {
      return;
    }
    await new Promise<void>((resolve) => {
      const end = () => {
        unsubscribe();
        cancelTimer();
        resolve();
      };
      const look = async () => {
        if (await isSeen()) {
          end();
        }
      };
      const unsubscribe = cache.subscribe((changed) => {
        if (changed === key) {
          look().catch(end);
        }
      });
      const cancelTimer = clock.after(MAX_WAIT_MS, end);
      look().catch(end);
    });
  };
}
