import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { isFinished, taskKey } from '../../../domain/tasks/task.ts';
import type { ReleaseStatus } from '../../../domain/answers/release-status.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';

export type WatchReleaseDeps = {
  /** Notifies of each release whose record or object state has changed. */
  statuses: { subscribe(listener: (after: { status: Pick<ReleaseStatus, 'key'> }) => void): () => void };
  store: Pick<TaskStore, 'subscribe'>;
};

/**
 * Calls the listener whenever the record or state of a release changes, or a task of it ends; returns a function that
 * unsubscribes. Earlier changes are not reported: subscribe, then read.
 */
export type WatchRelease = (key: ReleaseKey, listener: () => void) => () => void;

/** Notifications from the statuses of releases and from their tasks. */
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
