import { isInProgress } from '../revisions/in-progress.ts';
import { hasUnsuperseded, ownRevision, type ReleaseSnapshot, type SeenRevision, type Writer } from './install-plan.ts';
import { appliedRevision, isAtRevision, wasApplied } from '../revisions/applied-revision.ts';
import { wasInterrupted } from '../revisions/interruption.ts';

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
export function planChange(task: ChangingTask, seen: ReleaseSnapshot): ChangeStep {
  const newest = seen.history.at(-1);
  if (newest === undefined || newest.status === 'uninstalled') {
    return { do: 'miss' };
  }
  const own = ownRevision(task, seen);
  const step = own === undefined ? null : planOfOwn(task, own, seen);
  if (step !== null) {
    return step;
  }
  const { revision, status } = newest;
  if (isInProgress(status)) {
    return { do: 'wait', revision, status, since: newest.updated };
  }
  const { expectedRevision } = task;
  if (own !== newest && expectedRevision !== undefined && !isAtRevision(seen.history, expectedRevision)) {
    return { do: 'refuse', revision: appliedRevision(seen.history)?.revision ?? revision };
  }
  return { do: 'write', revision: revision + 1 };
}

/** What the own revision says, newest or not; null where the change is still to be made. */
function planOfOwn(task: ChangingTask, own: SeenRevision, { history }: ReleaseSnapshot): ChangeStep | null {
  const { revision, status, description } = own;
  const isNewest = own === history.at(-1);
  if (isNewest ? status === 'deployed' : wasApplied(own)) {
    return { do: isNewest && hasUnsuperseded(history) ? 'supersede' : 'finish', revision };
  }
  if (isInProgress(status)) {
    return { do: 'settle', revision };
  }
  const failed = !isNewest || status === 'failed';
  return failed && !wasInterrupted(task.id, description) ? { do: 'fail', revision, failure: description } : null;
}
