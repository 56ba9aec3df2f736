import { releaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { AcceptChange } from './accept-change.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';

/** Which release to test, and which of its test hooks to run: all if `names` is absent. */
export interface TestInput extends ChangeInput {
  readonly names?: readonly string[];
}

export type TestReleaseDeps = {
  acceptChange: AcceptChange;
  cache: Pick<ReleaseCache, 'get'>;
};

/**
 * Accepts a run of a release's test hooks; without any, nothing needs to be done. Throws RELEASE_NOT_FOUND,
 * RELEASE_PAUSED (record 0090), and the problem that the task fails with.
 */
export type TestRelease = (testInput: TestInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createTestRelease({ acceptChange, cache }: TestReleaseDeps): TestRelease {
  return async function testRelease({ names, ...input }, signal) {
    const order = { kind: 'test', ...(names && { names: [...names] }) } as const;
    const outcome = await acceptChange({ ...input, order, writes: false }, signal);
    if (outcome.task !== null) {
      return outcome;
    }
    const record = await cache.get(releaseKey(input.namespace, input.release));
    return { ...outcome, tests: { revision: record?.revision ?? 0, passed: true, failed: [], tests: [] } };
  };
}
