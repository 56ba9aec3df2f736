import type { AcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

/** Which release to test, and which of its test hooks to run: all if `names` is absent. */
export interface TestInput extends ChangeInput {
  readonly names?: readonly string[];
}

/** Accepts a run of a release's test hooks. Throws RELEASE_NOT_FOUND, and the problem that the task fails with. */
export type TestRelease = (testInput: TestInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createTestRelease({ acceptChange }: { acceptChange: AcceptChange }): TestRelease {
  return function testRelease({ names, ...input }, signal) {
    return acceptChange(
      { ...input, order: { kind: 'test', ...(names && { names: [...names] }) }, writes: false },
      signal,
    );
  };
}
