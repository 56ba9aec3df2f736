import type { createAcceptChange } from './accept-change.ts';
import type { DeleteInput, MutationOutcome } from './release-mutation.ts';

/**
 * Accepts a delete. Throws RELEASE_NOT_FOUND unless `ignoreNotFound` (decision 20), REVISION_MISMATCH, and what the
 * task fails with.
 */
export function createDeleteRelease({ acceptChange }: { acceptChange: ReturnType<typeof createAcceptChange> }) {
  return (input: DeleteInput, signal: AbortSignal): Promise<MutationOutcome> => {
    const { namespace, release, deletePvcs, ignoreNotFound, options } = input;
    const order = { kind: 'delete', deletePvcs, ignoreNotFound } as const;
    return acceptChange({ namespace, release, order, options, mayBeMissing: ignoreNotFound, writes: false }, signal);
  };
}
