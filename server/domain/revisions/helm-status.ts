/**
 * What Helm records of the state of a revision, in Helm's words. engine/testdata/rules/statuses.json holds them to the
 * engine's. Nothing else spells them: whoever judges a revision asks one of the questions below.
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

/** In place of Helm's where a record cannot be read; the description says why. */
export const UNREADABLE = 'unreadable';

/** Every state of a revision. */
export const HELM_STATUSES = [...RECORDED_STATUSES, UNREADABLE] as const;
export type HelmStatus = (typeof HELM_STATUSES)[number];

/** The state that a text names: anybody may have written it. What Helm does not say is `unknown`. */
export function toHelmStatus(text: string | undefined): HelmStatus {
  return HELM_STATUSES.find((status) => status === text) ?? 'unknown';
}

/** Whether the revision is the one that runs, as far as Helm knows. */
export function isDeployed(status: HelmStatus): boolean {
  return status === 'deployed';
}

/** Whether a later revision has taken its place. */
export function isSuperseded(status: HelmStatus): boolean {
  return status === 'superseded';
}

/** Whether its operation failed, or was ended. */
export function isFailed(status: HelmStatus): boolean {
  return status === 'failed';
}

/** Whether the release was removed and its history kept: it is none any longer (decision 5: records outlive releases). */
export function isUninstalled(status: HelmStatus): boolean {
  return status === 'uninstalled';
}

/** Whether a delete is under way, or died: it marks the revision that runs, or the failed attempt above it. */
export function isUninstalling(status: HelmStatus): boolean {
  return status === 'uninstalling';
}

/** Whether the revision is being written, or who wrote it died in the middle. */
export function isPending(status: HelmStatus): boolean {
  return status === 'pending-install' || status === 'pending-upgrade' || status === 'pending-rollback';
}

/** Whether an operation on a revision with this status is going on, or died in the middle. */
export function isInProgress(status: HelmStatus): boolean {
  return isPending(status) || isUninstalling(status);
}

/** Whether the revision was attempted and is not, or not yet, what runs. */
export function isAttempt(status: HelmStatus): boolean {
  return isFailed(status) || isInProgress(status);
}
