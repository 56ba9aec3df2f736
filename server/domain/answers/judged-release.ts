import { absentRelease, type JudgedRelease } from '../../../contract/release-standing.ts';
import { isAttempt, isInProgress } from '../revisions/helm-status.ts';
import { newestOf, type ReleaseRecord } from '../release/release-record.ts';
import { isFinished, shownTaskOf, type Task, toTaskInfo } from '../tasks/task.ts';

/** How long a failed first install is still shown (decision 10: a failed first install is taken back). */
const FAILED_INSTALL_SHOWN_MS = 5 * 60_000;

/** What an answer shows of a record that decides what can be done with the release; its task is apart. */
export function judgedRelease(record: ReleaseRecord): JudgedRelease & Required<Pick<JudgedRelease, 'tests'>> {
  const newest = newestOf(record);
  return {
    namespace: record.namespace,
    name: record.name,
    version: record.revision,
    status: isInProgress(newest.status) ? newest.status : record.status,
    paused: record.paused,
    ...(isAttempt(newest.status) && { attempt: { ...newest, at: record.attempt?.at ?? record.updated } }),
    ...(record.outside !== null && {
      outside: { ...record.outside, reason: outsideReason(record), managed: record.facts !== null },
    }),
    tests: record.tests,
  };
}

function outsideReason({ seal }: ReleaseRecord): string {
  return seal.sealed ? 'its ReleaseConfig does not hold what Walm notes' : seal.reason;
}

/**
 * What an answer shows of a release without a record, `tasks` being its tasks in order of arrival, `nowMs` milliseconds
 * since the epoch.
 */
export function judgedAbsence(
  { namespace, release }: { namespace: string; release: string },
  tasks: readonly Task[],
  nowMs: number,
): JudgedRelease {
  const task = shownTaskOf(tasks);
  const isShown = task !== undefined && isShownWithoutRecord(task, nowMs);
  return { ...absentRelease(namespace, release), ...(isShown && { task: toTaskInfo(task) }) };
}

/** Whether a task without a record is shown: it is unfinished, or failed a moment ago. */
export function isShownWithoutRecord(task: Task, nowMs: number): boolean {
  if (!isFinished(task)) {
    return true;
  }
  return task.state !== 'succeeded' && nowMs - Date.parse(task.finishedAt ?? '') < FAILED_INSTALL_SHOWN_MS;
}
