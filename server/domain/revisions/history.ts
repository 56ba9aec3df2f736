import { type HelmStatus, isDeployed, isFailed, isUninstalled } from './helm-status.ts';

/** A revision as far as it matters whether it came true; `description` is Helm's, absent where only its mark is known. */
export type KeptRevision = { revision: number; status: HelmStatus; description?: string };

/** A revision as Helm's history shows it; `updated` is RFC 3339. */
export type SeenRevision = { revision: number; status: HelmStatus; updated: string; description: string };

/** Where a walk begins, below a revision, and what it ends at; absent: it takes in everything. */
export type Walk<Revision> = { below?: number; end?: (revision: Revision) => boolean };

/**
 * The revisions of a history (oldest first) on the way back from its newest, newest first; the one that it ends at is
 * none of them. The only way back over revisions: what is looked for is the first of these for which something holds.
 */
export function walkBack<Revision extends Pick<KeptRevision, 'revision'>>(
  history: readonly Revision[],
  { below = Infinity, end }: Walk<Revision> = {},
): Revision[] {
  const earlier = history.filter(({ revision }) => revision < below);
  return (end === undefined ? earlier : earlier.slice(earlier.findLastIndex(end) + 1)).toReversed();
}

/** The revisions of the release that a name stands for now: what was before it was uninstalled was another. Newest first. */
export function currentRelease<Revision extends KeptRevision>(history: readonly Revision[]): Revision[] {
  return walkBack(history, { end: ({ status }) => isUninstalled(status) });
}

/** The newest revision of a release; undefined where there is none: none is recorded, or it was uninstalled. */
export function presentRevision<Revision extends KeptRevision>(history: readonly Revision[]): Revision | undefined {
  return currentRelease(history)[0];
}

/** The revision that Helm says is deployed; the newest, where whoever wrote it died before the one before was superseded. */
export function deployedRevision<Revision extends KeptRevision>(history: readonly Revision[]): Revision | undefined {
  return walkBack(history).find(({ status }) => isDeployed(status));
}

/** Whether the newest revision is deployed while an earlier one still says so of itself: who wrote it died in between. */
export function hasUnsuperseded(history: readonly KeptRevision[]): boolean {
  const [newest, ...earlier] = walkBack(history);
  return newest !== undefined && isDeployed(newest.status) && earlier.some(({ status }) => isDeployed(status));
}

/** Whether a new release may take the name: nothing recorded, uninstalled, or since then never anything but failed. */
export function isNameFree(history: readonly KeptRevision[]): boolean {
  return currentRelease(history).every(({ status }) => isFailed(status));
}

/** What the newest revision was before a delete that died marked it: an attempt that failed where another is deployed. */
export function stateAfterRemoval(history: readonly KeptRevision[]): HelmStatus {
  return deployedRevision(history) === undefined ? 'deployed' : 'failed';
}
