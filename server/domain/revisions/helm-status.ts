/**
 * The statuses that Helm records of a revision. engine/testdata/rules/statuses.json compares them with the engine's. No
 * other module spells them: the rest of the server uses the functions below.
 */
export const RECORDED_STATUSES = [
  'unknown',
  'deployed',
  'uninstalled',
  'superseded',
  'failed',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] as const;

/** Used instead of Helm's status if the record cannot be read; the description is the reason. */
export const UNREADABLE = 'unreadable';

/** Every status of a revision. */
export const HELM_STATUSES = [...RECORDED_STATUSES, UNREADABLE] as const;
export type HelmStatus = (typeof HELM_STATUSES)[number];

/** The status that a text names; any other text, which may come from anyone, is `unknown`. */
export function toHelmStatus(text: string | undefined): HelmStatus {
  return HELM_STATUSES.find((status) => status === text) ?? 'unknown';
}

/** Whether Helm considers the revision the running one. */
export function isDeployed(status: HelmStatus): boolean {
  return status === 'deployed';
}

/** Whether a later revision has replaced it. */
export function isSuperseded(status: HelmStatus): boolean {
  return status === 'superseded';
}

/** Whether its operation failed, or was ended by a caller. */
export function isFailed(status: HelmStatus): boolean {
  return status === 'failed';
}

/** Whether the release was uninstalled with its history kept: it does not exist any longer. */
export function isUninstalled(status: HelmStatus): boolean {
  return status === 'uninstalled';
}

/** Whether a delete is running, or crashed: it marks the running revision, or the failed attempt above it. */
export function isUninstalling(status: HelmStatus): boolean {
  return status === 'uninstalling';
}

/** Whether the revision is being written, or its writer crashed. */
export function isPending(status: HelmStatus): boolean {
  return status === 'pending-install' || status === 'pending-upgrade' || status === 'pending-rollback';
}

/** Whether an operation on the revision is running, or crashed. */
export function isInProgress(status: HelmStatus): boolean {
  return isPending(status) || isUninstalling(status);
}

/** Whether the revision is an attempt that is not, or not yet, running. */
export function isAttempt(status: HelmStatus): boolean {
  return isFailed(status) || isInProgress(status);
}
