import { isInProgress } from '../revisions/helm-status.ts';
import { isNameFree, presentRevision, type SeenRevision } from '../revisions/history.ts';

/** The operation that a request to install or upgrade results in, as far as known when it arrives. */
export type ApplyChoice =
  | { do: 'install' }
  /** `known`: the release will be in its present state when the upgrade starts. */
  | { do: 'upgrade'; known: boolean }
  | { do: 'refuse'; code: 'RELEASE_EXISTS' | 'RELEASE_NOT_FOUND' };

/**
 * Chooses between install and upgrade (decision 20: names that exist). While earlier tasks of the release are
 * unfinished (`queued`), or another client's operation is in progress, its future state is unknown: the task decides
 * then, by the same rules.
 */
export function chooseApply(
  verb: 'install' | 'upgrade',
  history: readonly SeenRevision[],
  { upsert, queued }: { upsert: boolean; queued: boolean },
): ApplyChoice {
  const newest = presentRevision(history);
  if (queued || (newest !== undefined && isInProgress(newest.status))) {
    return verb === 'install' ? { do: 'install' } : { do: 'upgrade', known: false };
  }
  if (verb === 'upgrade') {
    return newest !== undefined
      ? { do: 'upgrade', known: true }
      : upsert
        ? { do: 'install' }
        : { do: 'refuse', code: 'RELEASE_NOT_FOUND' };
  }
  return isNameFree(history)
    ? { do: 'install' }
    : upsert
      ? { do: 'upgrade', known: true }
      : { do: 'refuse', code: 'RELEASE_EXISTS' };
}
