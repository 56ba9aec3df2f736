import { appliedRevision, isAtRevision } from '../revisions/applied-revision.ts';
import { isUninstalling } from '../revisions/helm-status.ts';
import { presentRevision, type SeenRevision } from '../revisions/history.ts';
import { lockOf, type WaitForLock } from './seen-release.ts';

/** The next step of a delete. */
export type DeleteStep =
  /** Remove the release, whose newest revision this is; also one that this task has already started to remove. */
  | { do: 'remove'; revision: number }
  /** The release does not exist (any longer): only the cleanup after it is left. */
  | { do: 'finish' }
  | WaitForLock
  /** The release is not at the revision that the caller expected, but at this one. */
  | { do: 'refuse'; revision: number };

/** The task as far as the plan depends on it; `revision` is the one that it has started to remove. */
export type DeletingTask = { revision?: number; expectedRevision?: number };

/** Decides from what is observed, oldest revision first, never from memory, like `planChange`. */
export function planDelete(
  { revision: startedFrom, expectedRevision }: DeletingTask,
  history: readonly SeenRevision[],
): DeleteStep {
  const newest = presentRevision(history);
  if (newest === undefined) {
    return { do: 'finish' };
  }
  const { revision, status } = newest;
  const isOwn = isUninstalling(status) && revision === startedFrom;
  const lock = lockOf(newest);
  if (lock !== null && !isOwn) {
    return lock;
  }
  if (expectedRevision !== undefined && !isAtRevision(history, expectedRevision)) {
    return { do: 'refuse', revision: appliedRevision(history)?.revision ?? revision };
  }
  return { do: 'remove', revision };
}
