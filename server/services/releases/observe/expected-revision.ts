import { revisionMismatch } from '../../../domain/errors/release-problems.ts';
import { appliedRevision, isAtRevision } from '../../../domain/revisions/applied-revision.ts';
import type { KeptRevision } from '../../../domain/revisions/history.ts';

/**
 * Refuses a change, or its preview, of a release that has changed since the caller read it.
 * @throws ProblemError REVISION_MISMATCH
 */
export function refuseOtherRevision(
  { namespace, release }: { namespace: string; release: string },
  expected: number | undefined,
  history: readonly KeptRevision[],
): void {
  if (expected !== undefined && !isAtRevision(history, expected)) {
    throw revisionMismatch(namespace, release, expected, appliedRevision(history)?.revision ?? 0);
  }
}
