import { isInProgress } from '../revisions/in-progress.ts';
import { isNameFree, type SeenRevision } from './install-plan.ts';

/** What a request that installs or upgrades comes to, as far as it can be told when it arrives. */
export type ApplyChoice =
  | { do: 'install' }
  /** `known`: the release will look as it does now when the upgrade starts. */
  | { do: 'upgrade'; known: boolean }
  | { do: 'refuse'; code: 'RELEASE_EXISTS' | 'RELEASE_NOT_FOUND' };

/**
 * Chooses between install and upgrade (decision 20). While earlier tasks of the release are left (`queued`), or
 * somebody else's operation goes on, nobody knows how it will look: the task decides then, by the same rules.
 */
export function chooseApply(
  verb: 'install' | 'upgrade',
  history: readonly SeenRevision[],
  { upsert, queued }: { upsert: boolean; queued: boolean },
): ApplyChoice {
  const newest = history.at(-1);
  if (queued || (newest !== undefined && isInProgress(newest.status))) {
    return verb === 'install' ? { do: 'install' } : { do: 'upgrade', known: false };
  }
  const missing = newest === undefined || newest.status === 'uninstalled';
  if (verb === 'upgrade') {
    return !missing
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
