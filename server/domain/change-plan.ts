import {
  hasUnsuperseded,
  isInProgress,
  ownRevision,
  wasInForce,
  type ReleaseSighting,
  type SeenRevision,
  type Writer,
} from './install-plan.ts';
import { appliedRevision, isAtRevision } from './history/applied-revision.ts';
import { wasInterrupted } from './interruption.ts';

/** What a change of an existing release has to do next. */
export type ChangeStep =
  /** Write this revision. */
  | { do: 'write'; revision: number }
  /** The revision of this very task is there and done: the answer got lost, nothing is left to do. */
  | { do: 'finish'; revision: number }
  /** The revision of this very task is there, and what it replaced is not superseded yet: do that, then look again. */
  | { do: 'supersede'; revision: number }
  /** The revision of this very task was left in the middle: mark it failed, then look again. */
  | { do: 'settle'; revision: number }
  /** The revision of this very task failed by itself; `failure` is Helm's description of it. */
  | { do: 'fail'; revision: number; failure: string }
  /** Somebody else's operation holds the release; `since` is RFC 3339. */
  | { do: 'wait'; revision: number; status: string; since: string }
  /** There is no such release. */
  | { do: 'miss' }
  /** The release is not at the revision that the caller expected. */
  | { do: 'refuse'; revision: number };

/** The task as far as the plan depends on it. */
export type ChangingTask = Writer & { expectedRevision?: number };

/**
 * Decides from what is seen, never from what is remembered: a change that was interrupted anywhere carries on by
 * looking again (decision 26). Only a revision that the task itself wrote is settled by it (decision 30).
 */
export function planChange(task: ChangingTask, seen: ReleaseSighting): ChangeStep {
  const newest = seen.history.at(-1);
  if (newest === undefined || newest.status === 'uninstalled') {
    return { do: 'miss' };
  }
  const { revision, status, description } = newest;
  const own = ownRevision(task, seen);
  if (own !== undefined && own !== newest) {
    const before = planOfEarlier(task, own);
    if (before !== null) {
      return before;
    }
  }
  const mine = own === newest;
  if (mine && status === 'deployed') {
    return { do: hasUnsuperseded(seen.history) ? 'supersede' : 'finish', revision };
  }
  if (mine && isInProgress(status)) {
    return { do: 'settle', revision };
  }
  if (mine && status === 'failed' && !wasInterrupted(task.id, description)) {
    return { do: 'fail', revision, failure: description };
  }
  if (isInProgress(status)) {
    return { do: 'wait', revision, status, since: newest.updated };
  }
  const { expectedRevision } = task;
  if (!mine && expectedRevision !== undefined && !isAtRevision(seen.history, expectedRevision)) {
    return { do: 'refuse', revision: appliedRevision(seen.history)?.revision ?? revision };
  }
  return { do: 'write', revision: revision + 1 };
}

/** What the own revision says where others have gone on since; null where it says that the change is still to be made. */
function planOfEarlier(task: ChangingTask, own: SeenRevision): ChangeStep | null {
  const { revision, status, description } = own;
  if (wasInForce(own)) {
    return { do: 'finish', revision };
  }
  if (isInProgress(status)) {
    return { do: 'settle', revision };
  }
  const failed = status === 'failed' && !wasInterrupted(task.id, description);
  return failed ? { do: 'fail', revision, failure: description } : null;
}
