const IN_PROGRESS = /^pending-|^uninstalling$/;

/** Whether an operation on a revision with this status is going on, or died in the middle. */
export function isInProgress(status: string): boolean {
  return IN_PROGRESS.test(status);
}
