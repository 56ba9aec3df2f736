/** The engine's description of a revision whose operation was cancelled while it ran. */
const CANCELLED = 'cancelled';
/** The beginning of the description of a revision whose operation ended because the cluster became unreachable. */
const CUT_OFF = 'interrupted: ';

/** The beginning of the description of a revision that this task itself marked as failed. */
export function interruption(taskId: string): string {
  return `Walm: task ${taskId} was interrupted`;
}

/** Whether the description says that a task of Walm was interrupted. */
export function isInterruption(description: string): boolean {
  return wasCutOff(description) || /^Walm: task \S+ was interrupted/.test(description);
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
