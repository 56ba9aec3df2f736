import type { createAcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

/** Which release to test, and which of its test hooks to run: all where `names` is absent. */
export interface TestInput extends ChangeInput {
  readonly names?: readonly string[];
}

/** Accepts a run of a release's test hooks. Throws RELEASE_NOT_FOUND, and what the task fails with. */
export function createTestRelease({ acceptChange }: { acceptChange: ReturnType<typeof createAcceptChange> }) {
  return ({ names, ...input }: TestInput, signal: AbortSignal): Promise<MutationOutcome> =>
    acceptChange({ ...input, order: { kind: 'test', ...(names && { names: [...names] }) }, writes: false }, signal);
}
