import { type Known, type ReleaseAction, releaseCan } from '../../../contract/release-can.ts';
import { absentRelease, IN_FORCE, type JudgedRelease } from '../../../contract/release-standing.ts';
import { problem, type ProblemError } from './problem-error.ts';

function releaseObject(namespace: string, name: string) {
  return { kind: 'Release', namespace, name };
}

/** The problem with which an action on a release is refused, in the code and the words of `releaseCan`; null if not. */
export function refusalOf(
  release: JudgedRelease,
  action: ReleaseAction,
  known: Known = {},
  details: Record<string, unknown> = {},
): ProblemError | null {
  const verdict = releaseCan(release, action, known);
  return verdict.can === 'no' && verdict.code !== undefined
    ? problem(verdict.code, verdict.reason, details, releaseObject(release.namespace, release.name))
    : null;
}

/** The same where the action is known to be refused. */
function refused(...judged: Parameters<typeof refusalOf>): ProblemError {
  const found = refusalOf(...judged);
  if (found === null) {
    const [{ namespace, name }, action] = judged;
    throw new Error(`${action} of ${namespace}/${name} is not refused`);
  }
  return found;
}

function deployedRelease(namespace: string, name: string, version = 1): JudgedRelease {
  return { ...absentRelease(namespace, name), version, status: IN_FORCE };
}

/** The problem of reading or changing a release that does not exist. */
export function releaseNotFound(namespace: string, name: string): ProblemError {
  return refused(absentRelease(namespace, name), 'upgrade');
}

/** The problem of changing a release without a record: it says that its first install failed, where that was just now. */
export function releaseAbsent(release: JudgedRelease): ProblemError {
  return refused(release, 'upgrade');
}

/** The problem of reading what Helm recorded of a release of which it recorded nothing. */
export function releaseUnrecorded(release: JudgedRelease): ProblemError {
  return refused(release, 'history');
}

/** The problem of installing a release that already exists. */
export function releaseExists(namespace: string, name: string, revision: number): ProblemError {
  return refused(deployedRelease(namespace, name, revision), 'install', {}, { revision });
}

/** The problem of a change that a paused release does not allow. */
export function releasePaused(namespace: string, name: string, action: 'restart' | 'detach' | 'test'): ProblemError {
  return refused({ ...deployedRelease(namespace, name), paused: true }, action);
}

/** The problem of deleting a release that others depend on. */
export function releaseHasDependents(
  namespace: string,
  name: string,
  { named, hidden }: NonNullable<Known['dependents']>,
): ProblemError {
  const details = { dependents: named, ...(hidden > 0 && { hidden }) };
  return refused(deployedRelease(namespace, name), 'delete', { dependents: { named, hidden } }, details);
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

/**
 * The problem of a revision that does not exist, 0 being an earlier one that was applied; `kept` are the numbers of the
 * existing ones, in any order.
 */
export function revisionNotFound(
  { namespace, release: name }: { namespace: string; release: string },
  revision: number,
  kept: readonly number[],
): ProblemError {
  // One that was pruned since the history was read is not kept any more.
  const left = kept.filter((one) => one !== revision).toSorted((a, b) => a - b);
  const revisions = left.map((one) => ({ revision: one, applied: false }));
  const details = { ...(revision > 0 && { revision }), kept: left };
  return refused(deployedRelease(namespace, name), 'rollback', { revision, revisions }, details);
}
