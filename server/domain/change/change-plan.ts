import { appliedRevision, isAtRevision, wasApplied } from '../revisions/applied-revision.ts';
import { wasInterrupted } from '../revisions/interruption.ts';
import { isDeployed, isFailed, isInProgress } from '../revisions/helm-status.ts';
import { hasUnsuperseded, presentRevision, type SeenRevision } from '../revisions/history.ts';
import { lockOf, ownRevision, type ReleaseSnapshot, type WaitForLock, type Writer } from './seen-release.ts';

/** The next step of a change of an existing release. */
export type ChangeStep =
  /** Write this revision. */
  | { do: 'write'; revision: number }
  /** The revision of this task exists and is done: only the response was lost, nothing is left to do. */
  | { do: 'finish'; revision: number }
  /** The revision of this task exists, but the one it replaced is not superseded yet: do that, then observe again. */
  | { do: 'supersede'; revision: number }
  /** The revision of this task was left unfinished: mark it failed, then observe again. */
  | { do: 'settle'; revision: number }
  /** The revision of this task failed; `failure` is Helm's description of it. */
  | { do: 'fail'; revision: number; failure: string }
  | WaitForLock
  /** There is no such release. */
  | { do: 'miss' }
  /** The release is not at the revision that the caller expected. */
  | { do: 'refuse'; revision: number };

/** The task as far as the plan depends on it. */
export type ChangingTask = Writer & { expectedRevision?: number };

/**
 * Decides from what is observed, never from memory: an interrupted change continues by observing again (decision 26:
 * tasks are durable). A task only marks its own revision as failed (decision 30: when a locked release is unlocked).
 */
export function planChange(task: ChangingTask, seen: ReleaseSnapshot): ChangeStep {
  const newest = presentRevision(seen.history);
  if (newest === undefined) {
    return { do: 'miss' };
  }
  const own = ownRevision(task, seen);
  const step = own === undefined ? null : planOfOwn(task, own, seen);
  if (step !== null) {
    return step;
  }
  const lock = lockOf(newest);
  if (lock !== null) {
    return lock;
  }
  const { revision } = newest;
  const { expectedRevision } = task;
  if (own !== newest && expectedRevision !== undefined && !isAtRevision(seen.history, expectedRevision)) {
    return { do: 'refuse', revision: appliedRevision(seen.history)?.revision ?? revision };
  }
  return { do: 'write', revision: revision + 1 };
}

/** The plan according to the task's own revision, newest or not; null if the change is still to be made. */
function planOfOwn(task: ChangingTask, own: SeenRevision, { history }: ReleaseSnapshot): ChangeStep | null {
  const { revision, status, description } = own;
  const isNewest = own === history.at(-1);
  if (isNewest ? isDeployed(status) : wasApplied(own)) {
    return { do: isNewest && hasUnsuperseded(history) ? 'supersede' : 'finish', revision };
  }
  if (isInProgress(status)) {
    return { do: 'settle', revision };
  }
  const failed = !isNewest || isFailed(status);
  return failed && !wasInterrupted(task.id, description) ? { do: 'fail', revision, failure: description } : null;
}
