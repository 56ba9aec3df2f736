const IN_PROGRESS = /^pending-|^uninstalling$/;

/** Whether an operation on a revision with this status is in progress, or crashed. */
export function isInProgress(status: string): boolean {
  return IN_PROGRESS.test(status);
}
