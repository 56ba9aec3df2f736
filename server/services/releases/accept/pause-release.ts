import { notPausedOf } from '../../../domain/workloads/pause-state.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { AcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

export type PauseReleaseDeps = {
  acceptChange: AcceptChange;
  cache: Pick<ReleaseCache, 'get'>;
};

/**
 * Accepts a pause; a paused release needs nothing to be done, like in the original Walm. The outcome names the objects
 * that could not be stopped. Throws RELEASE_NOT_FOUND.
 */
export type PauseRelease = (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createPauseRelease({ acceptChange, cache }: PauseReleaseDeps): PauseRelease {
  return async function pauseRelease(input, signal) {
    const outcome = await acceptChange({ ...input, order: { kind: 'pause' } }, signal);
    const record = outcome.finished ? await cache.get(releaseKey(input.namespace, input.release)) : undefined;
    return { ...outcome, notPaused: (record && notPausedOf(record)) ?? [] };
  };
}

/** Accepts a recovery; a release that is not paused needs nothing to be done. Throws RELEASE_NOT_FOUND. */
export type RecoverRelease = (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createRecoverRelease({ acceptChange }: { acceptChange: AcceptChange }): RecoverRelease {
  return function recoverRelease(input, signal) {
    return acceptChange({ ...input, order: { kind: 'recover' } }, signal);
  };
}
