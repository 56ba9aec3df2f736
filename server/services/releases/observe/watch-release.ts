import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { isFinished, taskKey } from '../../../domain/tasks/task.ts';
import type { ReleaseStatus } from '../../../domain/answers/release-status.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';

export type WatchReleaseDeps = {
  /** Told of each release of which something else is known than before: its record, or the state of its objects. */
  statuses: { subscribe(listener: (after: { status: Pick<ReleaseStatus, 'key'> }) => void): () => void };
  store: Pick<TaskStore, 'subscribe'>;
};

/**
 * Calls the listener whenever something else is known of a release than before, or a task of it has ended; answers how
 * to stop that. What was so already is not told: subscribe, then look.
 */
export type WatchRelease = (key: ReleaseKey, listener: () => void) => () => void;

/** News from the statuses of releases and from their tasks. */
export function createWatchRelease({ statuses, store }: WatchReleaseDeps): WatchRelease {
  return function watchRelease(key, listener) {
    const ends = [
      statuses.subscribe(({ status }) => {
        if (status.key === key) {
          listener();
        }
      }),
      store.subscribe((task) => {
        if (isFinished(task) && taskKey(task) === key) {
          listener();
        }
      }),
    ];
    return () => ends.forEach((end) => end());
  };
}
