import type { WaitForLock } from '../../../domain/change/seen-release.ts';
import { endedLock } from '../../../domain/revisions/interruption.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseTarget } from '../../../ports/helm/engine-call.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { TaskRun } from '../../tasks/task-executor.ts';
import { settleRevision } from './settle-revision.ts';

export type AwaitUnlockDeps = {
  engine: Pick<HelmWriter, 'settle'>;
  tasks: Pick<TaskStore, 'unfinishedOf'>;
  clock: Clock;
  /** An operation of another Helm client that is older than this, in milliseconds, counts as abandoned. */
  foreignLockMs: number;
};

type Lock = Omit<WaitForLock, 'do'> & {
  /** End the other operation now. */
  force?: boolean;
};

const LOOK_AGAIN_MS = 1_000;

/**
 * Handles a release that is locked by an operation of another Helm client: reports it and returns when to look again.
 * If the operation is too old or has to give way (`force`), its revision is marked as failed and null is returned:
 * continue (decision 30: foreign locks expire). An operation that has just ended is observed again. The operation also
 * has to give way if a queued later change says so, because that change would wait equally long.
 */
export type AwaitUnlock = (target: ReleaseTarget, lock: Lock, run: TaskRun) => Promise<{ lookAgainMs: number } | null>;

export function createAwaitUnlock({ engine, tasks, clock, foreignLockMs }: AwaitUnlockDeps): AwaitUnlock {
  return async function awaitUnlock(target, lock, run) {
    const since = Date.parse(lock.since);
    const heldMs = clock.now() - (Number.isNaN(since) ? clock.now() : since);
    const isForced =
      lock.force === true ||
      tasks.unfinishedOf(releaseKey(target.namespace, target.name)).some(({ task }) => task.force === true);
    if (heldMs < foreignLockMs && !isForced) {
      run.report({ phase: 'wait', message: `locked by helm since ${lock.since} (${lock.status})` });
      return { lookAgainMs: LOOK_AGAIN_MS };
    }
    const verdict = isForced ? 'ended by force' : 'taken for dead';
    const description = endedLock(lock, verdict);
    const request = { ...target, revision: lock.revision, description };
    const isSettled = await settleRevision(engine, request, { signal: run.signal });
    return isSettled ? null : { lookAgainMs: LOOK_AGAIN_MS };
  };
}
