import { lockedSince } from '../../../../contract/release-reasons.ts';
import { isLeftBy, type WaitForLock } from '../../../domain/change/seen-release.ts';
import { endedLock } from '../../../domain/revisions/interruption.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import { isFinished } from '../../../domain/tasks/task.ts';
import type { ReleaseTarget } from '../../../ports/helm/engine-call.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { TaskRun } from '../../tasks/task-executor.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import { settleRevision } from './settle-revision.ts';

export type AwaitUnlockDeps = {
  engine: Pick<HelmWriter, 'settle'>;
  tasks: Pick<TaskStore, 'tasksOf' | 'unfinishedOf'>;
  observeRelease: ObserveRelease;
  clock: Clock;
  /** An operation of another Helm client that is older than this, in milliseconds, counts as abandoned. */
  foreignLockMs: number;
};

type Lock = Omit<WaitForLock, 'do'> & {
  /** End the other operation now. */
  force?: boolean;
};

const RECHECK_MS = 1_000;

/**
 * Handles a release that is locked by an operation of another Helm client: reports it and returns when to look again.
 * If the operation is too old or has to give way (`force`), its revision is marked as failed and null is returned:
 * continue (decision 30: foreign locks expire). An operation that has just ended is observed again. The operation also
 * has to give way if a queued later change says so, because that change would wait equally long. A revision that a
 * finished task wrote is not waited for: its record arrived after the engine was killed, and no other task settles it.
 */
export type AwaitUnlock = (target: ReleaseTarget, lock: Lock, run: TaskRun) => Promise<{ recheckMs: number } | null>;

export function createAwaitUnlock({
  engine,
  tasks,
  observeRelease,
  clock,
  foreignLockMs,
}: AwaitUnlockDeps): AwaitUnlock {
  /** The finished task that left this lock. */
  async function writerOf(target: ReleaseTarget, lock: Lock, { signal }: TaskRun): Promise<string | undefined> {
    const { identity, namespace, name: release } = target;
    const { revision } = lock;
    const ended = tasks
      .tasksOf(releaseKey(namespace, release))
      .filter((task) => isFinished(task) && task.revision === revision);
    if (ended.length === 0) {
      return undefined;
    }
    const seen = await observeRelease({ identity, namespace, release, revision }, { signal });
    return ended.find((task) => isLeftBy(task, lock, seen))?.id;
  }

  return async function awaitUnlock(target, lock, run) {
    const since = Date.parse(lock.since);
    const heldMs = clock.now() - (Number.isNaN(since) ? clock.now() : since);
    const isForced =
      lock.force === true ||
      tasks.unfinishedOf(releaseKey(target.namespace, target.name)).some(({ task }) => task.force === true);
    const isDue = heldMs >= foreignLockMs || isForced;
    const writer = isDue ? undefined : await writerOf(target, lock, run);
    if (!isDue && writer === undefined) {
      run.report({ phase: 'wait', message: lockedSince(lock) });
      return { recheckMs: RECHECK_MS };
    }
    const verdict = isForced ? 'ended by force' : writer === undefined ? 'taken for dead' : `left by task ${writer}`;
    const description = endedLock(lock, verdict);
    const request = { ...target, revision: lock.revision, description };
    const isSettled = await settleRevision(engine, request, { signal: run.signal });
    return isSettled ? null : { recheckMs: RECHECK_MS };
  };
}
