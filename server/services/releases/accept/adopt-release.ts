import type { createAcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

type AcceptDeps = { acceptChange: ReturnType<typeof createAcceptChange> };

/** Accepts the adoption of a release that plain Helm made or changed (decision 5). Throws RELEASE_NOT_FOUND. */
export function createAdoptRelease({ acceptChange }: AcceptDeps) {
  return (input: ChangeInput, signal: AbortSignal): Promise<MutationOutcome> =>
    acceptChange({ ...input, order: { kind: 'adopt' } }, signal);
}

/** Accepts that a release is left to plain Helm (decision 11). Throws RELEASE_NOT_FOUND, RELEASE_PAUSED. */
export function createDetachRelease({ acceptChange }: AcceptDeps) {
  return (input: ChangeInput, signal: AbortSignal): Promise<MutationOutcome> =>
    acceptChange({ ...input, order: { kind: 'detach' } }, signal);
}
