import { releaseKey } from '../../../domain/names/release-key.ts';
import type { createAcceptChange } from './accept-change.ts';
import type { createRefuseDependents } from '../../dependencies/refuse-dependents.ts';
import type { DeleteInput, MutationOutcome } from '../../tasks/release-mutation.ts';

export type DeleteReleaseDeps = {
  acceptChange: ReturnType<typeof createAcceptChange>;
  refuseDependents: ReturnType<typeof createRefuseDependents>;
};

/**
 * Accepts a delete. Throws RELEASE_NOT_FOUND unless `ignoreNotFound` (decision 20), RELEASE_HAS_DEPENDENTS unless
 * `force`, REVISION_MISMATCH, and what the task fails with.
 */
export function createDeleteRelease({ acceptChange, refuseDependents }: DeleteReleaseDeps) {
  return async (input: DeleteInput, signal: AbortSignal): Promise<MutationOutcome> => {
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
