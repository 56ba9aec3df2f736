import { appliedRevision, isAtRevision, type KeptRevision } from '../../domain/history/applied-revision.ts';
import { problem } from '../../domain/problem-error.ts';

/**
 * Refuses a change, or its preview, of a release that was changed since the caller read it.
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

/** The problem of changing a release that has been changed since the caller read it. */
export function revisionMismatch(namespace: string, name: string, expected: number, found: number) {
  return problem(
    'REVISION_MISMATCH',
    `the release ${namespace}/${name} is at revision ${found}, and ${expected} was expected`,
    { expectedRevision: expected, revision: found },
    { kind: 'Release', namespace, name },
  );
}
