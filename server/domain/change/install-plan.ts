import { wasApplied } from '../revisions/applied-revision.ts';
import { isAttempt, isDeployed, isFailed } from '../revisions/helm-status.ts';
import { isNameFree } from '../revisions/history.ts';
import { wasInterrupted } from '../revisions/interruption.ts';
import { lockOf, ownRevision, type ReleaseSnapshot, type WaitForLock } from './seen-release.ts';

/** The next step of an install. */
export type InstallStep =
  | { do: 'install'; revision: number }
  /** The revision of this task exists and is done: only the response was lost, nothing is left to do. */
  | { do: 'finish'; revision: number }
  /** The revision of this task failed, or was left unfinished: remove it first. */
  | { do: 'clear'; revision: number; failure: string | null }
  | { do: 'refuse'; revision: number }
  | WaitForLock;

/**
 * Decides from what is observed, never from memory: an interrupted install continues by observing again (decision 26:
 * tasks are durable).
 */
export function planInstall(task: { id: string; revision?: number }, seen: ReleaseSnapshot): InstallStep {
  const newest = seen.history.at(-1);
  if (newest === undefined) {
    return { do: 'install', revision: 1 };
  }
  const { revision, status } = newest;
  const own = ownRevision(task, seen);
  if (own !== undefined && own !== newest && wasApplied(own)) {
    return { do: 'finish', revision: own.revision };
  }
  if (own === newest) {
    if (isDeployed(status)) {
      return { do: 'finish', revision };
    }
    if (isAttempt(status)) {
      const failed = isFailed(status) && !wasInterrupted(task.id, newest.description);
      return { do: 'clear', revision, failure: failed ? newest.description : null };
    }
  }
  return (
    lockOf(newest) ??
    (isNameFree(seen.history) ? { do: 'install', revision: revision + 1 } : { do: 'refuse', revision })
  );
}
