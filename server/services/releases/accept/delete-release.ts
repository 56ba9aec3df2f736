import { releaseKey } from '../../../domain/names/release-key.ts';
import type { AcceptChange } from './accept-change.ts';
import type { RefuseDependents } from '../../dependencies/refuse-dependents.ts';
import type { DeleteInput, MutationOutcome } from '../../tasks/release-mutation.ts';

export type DeleteReleaseDeps = {
  acceptChange: AcceptChange;
  refuseDependents: RefuseDependents;
};

/**
 * Accepts a delete. Throws RELEASE_NOT_FOUND unless `ignoreNotFound` (decision 20: missing releases are an error),
 * RELEASE_HAS_DEPENDENTS unless `force`, REVISION_MISMATCH, and the problem that the task fails with.
 */
export type DeleteRelease = (input: DeleteInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createDeleteRelease({ acceptChange, refuseDependents }: DeleteReleaseDeps): DeleteRelease {
  return async function deleteRelease(input, signal) {
    const { namespace, release, deletePvcs, ignoreNotFound, keepHistory = false, hooks = true, force, options } = input;
    if (!force) {
      await refuseDependents([releaseKey(namespace, release)], options.caller);
    }
    const order = {
      kind: 'delete',
      deletePvcs,
      ignoreNotFound,
      ...(keepHistory && { keepHistory }),
      ...(!hooks && { disableHooks: true }),
    } as const;
    return acceptChange({ namespace, release, order, options, mayBeMissing: ignoreNotFound, writes: false }, signal);
  };
}
