import type { ReleaseInfo } from './schemas/release.ts';
import type { ResourceSet } from './schemas/release-resources.ts';

/** What a judgement needs of an answer about a release, in a list or alone; `absentRelease` where there is none. */
export type JudgedRelease = Pick<ReleaseInfo, 'namespace' | 'name' | 'version' | 'status' | 'paused'> &
  Partial<Pick<ReleaseInfo, 'attempt' | 'outside' | 'task' | 'tests' | 'releaseStatus' | 'message'>>;

/** A release that a GET does not find. */
export function absentRelease(namespace: string, name: string): JudgedRelease {
  return { namespace, name, version: 0, status: '', paused: false };
}

/** Whether a change would find the release: at rest, held by another change, or not at all. */
type Standing =
  /** There is none; a first install may have failed a moment ago. */
  | 'absent'
  /** A task of Walm is under way: a first install, or another change. */
  | 'changing'
  /** An operation of another Helm client is under way. */
  | 'locked'
  | 'unreadable'
  | 'still';

export function standingOf(release: JudgedRelease): Standing {
  if (isBusy(release.task)) {
    return 'changing';
  }
  if (!isThere(release)) {
    return 'absent';
  }
  return isLocked(release) ? 'locked' : release.status === 'unreadable' ? 'unreadable' : 'still';
}

/** Whether anything is recorded of it: a first install that is under way, or failed, is only a task. */
export function isThere({ status }: JudgedRelease): boolean {
  return status !== '';
}

/** Whether this task, the newest of its release, is unfinished. */
export function isBusy(task: JudgedRelease['task']): boolean {
  return task?.state === 'queued' || task?.state === 'running';
}

/** The status that Helm records for a revision in force. */
export const IN_FORCE = 'deployed';

/** The statuses that Helm records while an operation is in progress. */
const IN_PROGRESS: ReadonlySet<string> = new Set([
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
]);

/** Whether an operation of a Helm client holds the release; one of Walm's own has a task as well. */
export function isLocked({ attempt }: JudgedRelease): boolean {
  return attempt !== undefined && IN_PROGRESS.has(attempt.status);
}

/** Whether the newest revision is not the applied one: what runs may not be what was applied. */
export function hasAttempt({ attempt }: JudgedRelease): boolean {
  return attempt !== undefined;
}

/** The number of its newest revision, applied or not. */
export function newestRevision({ version, attempt }: JudgedRelease): number {
  return attempt?.revision ?? version;
}

/** Whether it has pods, as far as the answer shows: a summary does not. */
export function mayHavePods(release: JudgedRelease): boolean {
  const { releaseStatus } = release;
  return releaseStatus === undefined || releaseStatus === null
    ? isThere(release)
    : workloadsOf(releaseStatus).some(({ pods }) => (pods ?? []).length > 0);
}

function workloadsOf({ deployments, statefulsets, daemonsets, jobs, cronjobs }: ResourceSet) {
  return [...deployments, ...statefulsets, ...daemonsets, ...jobs, ...cronjobs.flatMap((one) => one.jobs)];
}
