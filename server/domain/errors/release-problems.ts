import { problem, type ProblemError } from './problem-error.ts';

function releaseObject(namespace: string, name: string) {
  return { kind: 'Release', namespace, name };
}

/** The problem of reading or changing a release that does not exist. */
export function releaseNotFound(namespace: string, name: string): ProblemError {
  return problem('RELEASE_NOT_FOUND', `release ${name} is not found`, {}, releaseObject(namespace, name));
}

/** The problem of installing a release that already exists. */
export function releaseExists(namespace: string, name: string, revision: number): ProblemError {
  return problem(
    'RELEASE_EXISTS',
    `the release ${namespace}/${name} exists already, at revision ${revision}`,
    { revision },
    releaseObject(namespace, name),
  );
}

/** The problem of a change that a paused release does not allow; `why` says what stands in the way, or what to do. */
export function releasePaused(namespace: string, name: string, why: string): ProblemError {
  const message = `the release ${namespace}/${name} is paused: ${why}`;
  return problem('RELEASE_PAUSED', message, {}, releaseObject(namespace, name));
}

/** The problem of changing a release that has been changed since the caller read it. */
export function revisionMismatch(namespace: string, name: string, expected: number, found: number): ProblemError {
  return problem(
    'REVISION_MISMATCH',
    `the release ${namespace}/${name} is at revision ${found}, but ${expected} was expected`,
    { expectedRevision: expected, revision: found },
    releaseObject(namespace, name),
  );
}

/** The problem of a revision that does not exist; `kept` are the numbers of the existing ones, in any order. */
export function revisionNotFound(
  { namespace, release: name }: { namespace: string; release: string },
  revision: number,
  kept: readonly number[],
): ProblemError {
  const ascending = kept.toSorted((a, b) => a - b);
  return problem(
    'REVISION_NOT_FOUND',
    `release ${name} has no revision ${revision}: ${ascending.join(', ')} are kept`,
    { revision, kept: ascending },
    releaseObject(namespace, name),
  );
}
