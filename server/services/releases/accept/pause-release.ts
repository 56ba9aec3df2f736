import { hasPausePlugin, notPausedOf } from '../../../domain/workloads/pause-state.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import { isDeployed } from '../../../domain/revisions/helm-status.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import { type AcceptChange, isUndecided } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

export type PauseReleaseDeps = {
  acceptChange: AcceptChange;
  cache: Pick<ReleaseCache, 'get'>;
  store: Pick<TaskStore, 'unfinishedOf'>;
};

/**
 * Accepts a pause; a paused release needs nothing to be done, like in the original Walm. The outcome names the objects
 * that could not be stopped. Throws RELEASE_NOT_FOUND.
 */
export type PauseRelease = (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createPauseRelease(deps: PauseReleaseDeps): PauseRelease {
  return async function pauseRelease(input, signal) {
    const outcome = await accept(deps, 'pause', input, signal, ({ paused }) => paused);
    const record = outcome.finished ? await deps.cache.get(releaseKey(input.namespace, input.release)) : undefined;
    return { ...outcome, notPaused: (record && notPausedOf(record)) ?? [] };
  };
}

/** Accepts a recovery; a release that is not paused needs nothing to be done. Throws RELEASE_NOT_FOUND. */
export type RecoverRelease = (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createRecoverRelease(deps: PauseReleaseDeps): RecoverRelease {
  return async function recoverRelease(input, signal) {
    return accept(deps, 'recover', input, signal, ({ facts }) => facts === null || !hasPausePlugin(facts.plugins));
  };
}

async function accept(
  { acceptChange, cache, store }: PauseReleaseDeps,
  kind: 'pause' | 'recover',
  input: ChangeInput,
  signal: AbortSignal,
  isSo: (record: ReleaseRecord) => boolean,
): Promise<MutationOutcome> {
  const { namespace, release, options } = input;
  if (!isUndecided(store, input) && options.expectedRevision === undefined) {
    const record = await cache.get(releaseKey(namespace, release));
    if (record !== undefined && isDeployed(record.status) && record.attempt === null && isSo(record)) {
      return { task: null, finished: true, warnings: options.warnings };
    }
  }
  return acceptChange({ ...input, order: { kind } }, signal);
}
