import { appliedRevision, isAtRevision } from '../revisions/applied-revision.ts';
import { presentRevision, type SeenRevision } from '../revisions/history.ts';
import { lockOf, type WaitForLock } from './seen-release.ts';

/** The next step of a test run. */
export type TestsStep =
  /** Run the test hooks of the release, whose newest revision this is: Helm records the outcome there. */
  | { do: 'test'; revision: number }
  /** There is no such release. */
  | { do: 'miss' }
  | WaitForLock
  /** The release is not at the revision that the caller expected, but at this one. */
  | { do: 'refuse'; revision: number };

/** Decides from what is observed, oldest revision first, like `planChange`. */
export function planTests(
  { expectedRevision }: { expectedRevision?: number },
  history: readonly SeenRevision[],
): TestsStep {
  const newest = presentRevision(history);
  if (newest === undefined) {
    return { do: 'miss' };
  }
  const lock = lockOf(newest);
  if (lock !== null) {
    return lock;
  }
  return expectedRevision !== undefined && !isAtRevision(history, expectedRevision)
    ? { do: 'refuse', revision: appliedRevision(history)?.revision ?? newest.revision }
    : { do: 'test', revision: newest.revision };
}
