import type { AcceptChange } from './accept-change.ts';
import type { MutationOutcome, RollbackInput } from '../../tasks/release-mutation.ts';

/** Accepts a rollback. Throws RELEASE_NOT_FOUND, REVISION_NOT_FOUND, and the problem that the task fails with. */
export type RollbackRelease = (rollbackInput: RollbackInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createRollbackRelease({ acceptChange }: { acceptChange: AcceptChange }): RollbackRelease {
  return function rollbackRelease({ revision, hooks = true, ...input }, signal) {
    const order = { kind: 'rollback', revision, ...(!hooks && { disableHooks: true }) } as const;
    return acceptChange({ ...input, order }, signal);
  };
}
