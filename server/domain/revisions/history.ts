import { type HelmStatus, isDeployed, isFailed, isUninstalled } from './helm-status.ts';

/** A revision; `description` is Helm's, absent if only the labels of the record are known. */
export type KeptRevision = { revision: number; status: HelmStatus; description?: string };

/** A revision in Helm's history; `updated` is RFC 3339. */
export type SeenRevision = { revision: number; status: HelmStatus; updated: string; description: string };

/** The range of a walk: below a revision, and before the first one for which `end` holds; absent: all revisions. */
export type Walk<Revision> = { below?: number; end?: (revision: Revision) => boolean };

/**
 * The revisions of a history (oldest first) in reverse, newest first, without the one that `end` holds for. This is the
 * only walk back over revisions: every search takes the first match of its result.
 */
export function walkBack<Revision extends Pick<KeptRevision, 'revision'>>(
  history: readonly Revision[],
  { below = Infinity, end }: Walk<Revision> = {},
): Revision[] {
  const earlier = history.filter(({ revision }) => revision < below);
  return (end === undefined ? earlier : earlier.slice(earlier.findLastIndex(end) + 1)).toReversed();
}

/** The revisions since the release was last uninstalled, newest first: earlier ones belong to a former release. */
export function currentRelease<Revision extends KeptRevision>(history: readonly Revision[]): Revision[] {
  return walkBack(history, { end: ({ status }) => isUninstalled(status) });
}

/** The newest revision of an existing release; undefined if none is recorded, or the release was uninstalled. */
export function presentRevision<Revision extends KeptRevision>(history: readonly Revision[]): Revision | undefined {
  return currentRelease(history)[0];
}

/** The deployed revision; the newest of several, if its writer crashed before it superseded the previous one. */
export function deployedRevision<Revision extends KeptRevision>(history: readonly Revision[]): Revision | undefined {
  return walkBack(history).find(({ status }) => isDeployed(status));
}

/**
 * Whether the newest revision is deployed while an earlier one still has that status: its writer crashed in between.
 */
export function hasUnsuperseded(history: readonly KeptRevision[]): boolean {
  const [newest, ...earlier] = walkBack(history);
  return newest !== undefined && isDeployed(newest.status) && earlier.some(({ status }) => isDeployed(status));
}

/** Whether a new release may take the name: no record, uninstalled, or only failed revisions since then. */
export function isNameFree(history: readonly KeptRevision[]): boolean {
  return currentRelease(history).every(({ status }) => isFailed(status));
}

/** The status of the newest revision before a crashed delete marked it: failed if another revision is deployed. */
export function stateAfterRemoval(history: readonly KeptRevision[]): HelmStatus {
  return deployedRevision(history) === undefined ? 'deployed' : 'failed';
}
