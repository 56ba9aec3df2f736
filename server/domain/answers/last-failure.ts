import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import { isFailed } from '../revisions/helm-status.ts';
import { wasApplied } from '../revisions/applied-revision.ts';
import { isFinished, type Task } from '../tasks/task.ts';

type ToldRecord = Pick<ReleaseRecord, 'attempt' | 'updated' | 'status' | 'revision'>;
/** The failure to show: an attempt in the history, or a change that left nothing there. */
type Failure = { attempt: NonNullable<ReleaseRecord['attempt']> | null; task: Task | undefined };

/**
 * The newest failed attempt since the applied revision, with the code if its task is still known. `tasks` are all known
 * tasks of the release, in order of arrival: a failure stays until there is a new revision, or the same operation
 * succeeds.
 */
export function lastFailure(record: ToldRecord, tasks: readonly Task[]): ReleaseInfo['lastFailure'] {
  const failure = findFailure(record, tasks);
  if (failure === undefined) {
    return undefined;
  }
  const { attempt, task } = failure;
  const code = task?.error?.code ?? (task?.state === 'cancelled' ? 'CANCELLED' : 'REVISION_FAILED');
  const message = task?.error?.message ?? attempt?.message ?? task?.state ?? '';
  return { revision: attempt?.revision ?? 0, at: attempt?.at ?? task?.finishedAt ?? '', code, message };
}

/** The task of `lastFailure`: nothing else stores its code and its message. */
export function taskOfLastFailure(record: ToldRecord, tasks: readonly Task[]): Task | undefined {
  return findFailure(record, tasks)?.task;
}

/** A finished task is outdated once a later revision was written, by any client. */
export function isOutdated(task: Task, { updated }: Pick<ReleaseRecord, 'updated'>): boolean {
  return task.finishedAt !== undefined && Date.parse(updated) > Date.parse(task.finishedAt);
}

function findFailure(record: ToldRecord, tasks: readonly Task[]): Failure | undefined {
  const since = tasks.filter((task) => isFinished(task) && !isOutdated(task, record));
  const newest = since.findLast((task, index) => hasFailed(task) && !wentWellAfter(since.slice(index + 1), task));
  const attempt = record.attempt !== null && isFailed(record.attempt.status) ? record.attempt : null;
  if (attempt !== null) {
    const own = since.find((task) => hasFailed(task) && wrote(task, attempt.revision));
    const isLater = newest !== undefined && Date.parse(newest.finishedAt ?? '') > Date.parse(attempt.at);
    if (newest === own || !isLater) {
      return { attempt, task: own };
    }
  }
  return newest !== undefined && wasApplied(record) ? { attempt: null, task: newest } : undefined;
}

/** A deletion records the revision that it removes. */
function wrote({ order, revision }: Task, attempted: number): boolean {
  return order.kind !== 'delete' && revision === attempted;
}

function hasFailed({ state }: Task): boolean {
  return state === 'failed' || state === 'cancelled';
}

function wentWellAfter(later: readonly Task[], { order }: Task): boolean {
  return later.some((task) => task.state === 'succeeded' && task.order.kind === order.kind);
}
