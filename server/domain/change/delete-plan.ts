import { appliedRevision, isAtRevision } from '../revisions/applied-revision.ts';
import { isInProgress } from '../revisions/in-progress.ts';
import type { SeenRevision } from './install-plan.ts';

/** The next step of a delete. */
export type DeleteStep =
  /** Remove the release, whose newest revision this is; also one that this task has already started to remove. */
  | { do: 'remove'; revision: number }
  /** The release does not exist (any longer): only the cleanup after it is left. */
  | { do: 'finish' }
  /** Another client's operation locks the release; `since` is RFC 3339. */
  | { do: 'wait'; revision: number; status: string; since: string }
  /** The release is not at the revision that the caller expected, but at this one. */
  | { do: 'refuse'; revision: number };

/** The task as far as the plan depends on it; `revision` is the one that it has started to remove. */
export type DeletingTask = { revision?: number; expectedRevision?: number };

/** Decides from what is observed, oldest revision first, never from memory, like `planChange`. */
export function planDelete(
  { revision: begun, expectedRevision }: DeletingTask,
  history: readonly SeenRevision[],
): DeleteStep {
  const newest = history.at(-1);
  if (newest === undefined || newest.status === 'uninstalled') {
    return { do: 'finish' };
  }
  const { revision, status, updated: since } = newest;
  const isOwn = status === 'uninstalling' && revision === begun;
  if (isInProgress(status) && !isOwn) {
    return { do: 'wait', revision, status, since };
  }
  if (expectedRevision !== undefined && !isAtRevision(history, expectedRevision)) {
    return { do: 'refuse', revision: appliedRevision(history)?.revision ?? revision };
  }
  return { do: 'remove', revision };
}
