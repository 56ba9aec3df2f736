import type { InstallStep } from '../../../domain/change/install-plan.ts';
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
  /** After this time somebody else's operation counts as dead, in milliseconds. */
  foreignLockMs: number;
};

type Lock = Pick<Extract<InstallStep, { do: 'wait' }>, 'revision' | 'status' | 'since'> & {
  /** End it at once. */
  force?: boolean;
};

const LOOK_AGAIN_MS = 1_000;

/**
 * Deals with a release that somebody else's operation holds: reports it and says when to look again, or, when the
 * operation is older than any can be, or has to give way, marks its revision as failed and answers null: go on (decision 30). One that has
 * come to its end just now is looked at again.
 * It has to give way also where a change that waits behind this one says so: that one would wait as long.
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
    const description = `Walm: ${lock.status} since ${lock.since} and not finished, ${verdict}`;
    const request = { ...target, revision: lock.revision, description };
    const isSettled = await settleRevision(engine, request, { signal: run.signal });
    return isSettled ? null : { lookAgainMs: LOOK_AGAIN_MS };
  };
}
