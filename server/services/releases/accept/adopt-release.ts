import type { AcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

type AcceptDeps = { acceptChange: AcceptChange };

/**
 * Accepts the adoption of a release that plain Helm made or changed (decision 5: changes made outside Walm). Throws
 * RELEASE_NOT_FOUND.
 */
export type AdoptRelease = (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createAdoptRelease({ acceptChange }: AcceptDeps): AdoptRelease {
  return function adoptRelease(input, signal) {
    return acceptChange({ ...input, order: { kind: 'adopt' } }, signal);
  };
}

/** Accepts leaving a release to plain Helm (decision 11: detach). Throws RELEASE_NOT_FOUND, RELEASE_PAUSED. */
export type DetachRelease = (input: ChangeInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createDetachRelease({ acceptChange }: AcceptDeps): DetachRelease {
  return function detachRelease(input, signal) {
    return acceptChange({ ...input, order: { kind: 'detach' } }, signal);
  };
}
