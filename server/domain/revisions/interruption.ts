/** What the engine writes into a revision whose operation was cancelled while it ran. */
const CANCELLED = 'cancelled';
/** How the description begins of a revision whose operation ended because the cluster went away. */
const CUT_OFF = 'interrupted: ';

/** How the description of a revision that this task itself marked failed begins. */
export function interruption(taskId: string): string {
  return `Walm: task ${taskId} was interrupted`;
}

/** Whether the description says that a task of Walm, whichever, was cut off in the middle of it. */
export function isInterruption(description: string): boolean {
  return wasCutOff(description) || /^Walm: task \S+ was interrupted/.test(description);
}

/**
 * Whether a failed revision of this task says that its operation was cut off, by a crash, because Walm stopped, or because
 * the cluster went away: then the operation did not fail, and it is begun anew.
 */
export function wasInterrupted(taskId: string, description: string): boolean {
  return wasCutOff(description) || description.startsWith(interruption(taskId));
}

function wasCutOff(description: string): boolean {
  return description === CANCELLED || description.startsWith(CUT_OFF);
}
