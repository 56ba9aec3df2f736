import { appliedRevision, isAtRevision } from '../revisions/applied-revision.ts';
import { isInProgress } from '../revisions/in-progress.ts';
import type { SeenRevision } from './install-plan.ts';

/** What a delete has to do next. */
export type DeleteStep =
  /** Remove the release, whose newest revision this is; also one that this very task has begun to remove. */
  | { do: 'remove'; revision: number }
  /** There is no release, or none any longer: what goes after it is left to do. */
  | { do: 'finish' }
  /** Somebody else's operation holds the release; `since` is RFC 3339. */
  | { do: 'wait'; revision: number; status: string; since: string }
  /** The release is not at the revision that the caller expected, but at this one. */
  | { do: 'refuse'; revision: number };

/** The task as far as the plan depends on it; `revision` is the one that it has begun to remove. */
export type DeletingTask = { revision?: number; expectedRevision?: number };

/** Decides from what is seen, oldest revision first, never from what is remembered, as `planChange` does. */
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
