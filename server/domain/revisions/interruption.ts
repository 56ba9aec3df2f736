import type { HelmStatus } from './helm-status.ts';

/** The engine's description of a revision whose operation was cancelled while it ran. */
const CANCELLED = 'cancelled';
/** The beginning of the description of a revision whose operation ended because the cluster became unreachable. */
const CUT_OFF = 'interrupted: ';

/** The descriptions of revisions that Walm marked as failed. */
const INTERRUPTED = /^Walm: task \S+ was interrupted/;
const ENDED = /^Walm: (task \S+ was cancelled|\S+ since \S+ and not finished, )/;
/** The beginning of Helm's description of a failed attempt. */
const FAILED = /^(Upgrade|Rollback|Release) "[^"]*" failed: /;

/** The beginning of the description of a revision that this task itself marked as failed. */
export function interruption(taskId: string): string {
  return `Walm: task ${taskId} was interrupted`;
}

/** The description of a revision whose task was cancelled. */
export function cancellation(taskId: string): string {
  return `Walm: task ${taskId} was cancelled`;
}

/** The description of a revision whose operation, of another client, Walm ended; `since` is RFC 3339. */
export function endedLock({ status, since }: { status: HelmStatus; since: string }, verdict: string): string {
  return `Walm: ${status} since ${since} and not finished, ${verdict}`;
}

/** Whether the description says that a task of Walm was interrupted. */
export function isInterruption(description: string): boolean {
  return wasCutOff(description) || INTERRUPTED.test(description);
}

/** Whether the description is one of an attempt that was never applied, whatever status Helm has given it since. */
export function isOfAttempt(description: string): boolean {
  return isInterruption(description) || ENDED.test(description) || FAILED.test(description);
}

/**
 * Whether a failed revision of this task was interrupted, by a crash, because Walm stopped, or because the cluster
 * became unreachable: then the operation did not fail, and is retried.
 */
export function wasInterrupted(taskId: string, description: string): boolean {
  return wasCutOff(description) || description.startsWith(interruption(taskId));
}

function wasCutOff(description: string): boolean {
  return description === CANCELLED || description.startsWith(CUT_OFF);
}
