import type { JsonValue } from '../../../../contract/schemas/json.ts';
import { judgedAbsence } from '../../../domain/answers/judged-release.ts';
import { releaseAbsent } from '../../../domain/errors/release-problems.ts';
import { presentRevision } from '../../../domain/revisions/history.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { Task, TaskOrder } from '../../../domain/tasks/task.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { Submission, SubmitTask } from '../../tasks/submit-task.ts';
import type { AwaitOutcome } from '../../tasks/await-outcome.ts';
import { refuseOtherRevision } from '../observe/expected-revision.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import type { ChangeTerms, MutationOptions, MutationOutcome } from '../../tasks/release-mutation.ts';
import { isInProgress } from '../../../domain/revisions/helm-status.ts';
import type { ReleaseSnapshot } from '../../../domain/change/seen-release.ts';
import { judgeChange } from './judge-change.ts';

export type AcceptChangeDeps = {
  observeRelease: ObserveRelease;
  cache: Pick<ReleaseCache, 'get'>;
  store: Pick<TaskStore, 'tasksOf' | 'unfinishedOf'>;
  clock: Pick<Clock, 'now'>;
  submitTask: SubmitTask;
  awaitOutcome: AwaitOutcome;
};

/** A change of an existing release. */
export type Change = {
  namespace: string;
  release: string;
  order: TaskOrder;
  /** What a repetition has in common with the first request; absent: the order. */
  asked?: JsonValue;
  options: MutationOptions;
  /** Warnings found while validating the request; those of `options` come first. */
  warnings?: Task['warnings'];
  /** A missing release means there is nothing to do, instead of an error. */
  mayBeMissing?: boolean;
  /** False: the change creates no revision. */
  writes?: boolean;
  /** The release as it was read a moment ago; absent: it is read now. */
  seen?: ReleaseSnapshot;
  /** See `submitTask`. */
  keepArchive?: Submission['keepArchive'];
};

/**
 * Accepts a change of a release: makes its task durable and waits for it as the caller wishes. The state of the release
 * is left to the task to judge while earlier tasks of the release are unfinished, because they will change it, and for
 * a repeated request with an Idempotency-Key, which finds the first one's task. What is so already needs no task.
 * @throws ProblemError RELEASE_NOT_FOUND unless `mayBeMissing`, REVISION_MISMATCH, what `releaseCan` refuses the change
 * with, and what the task fails with
 */
export type AcceptChange = (change: Change, signal: AbortSignal) => Promise<MutationOutcome>;

export function createAcceptChange({
  observeRelease,
  cache,
  store,
  clock,
  submitTask,
  awaitOutcome,
}: AcceptChangeDeps): AcceptChange {
  return async function acceptChange(change, signal) {
    const { namespace, release, order, asked, options, warnings = [], keepArchive } = change;
    const { mayBeMissing = false, writes = true } = change;
    const call = { signal, requestId: options.requestId };
    const seen = change.seen ?? (await observeRelease({ identity: options.caller, namespace, release }, call));
    const newest = seen.history.at(-1);
    if (!isUndecided(store, { namespace, release, options })) {
      const present = presentRevision(seen.history);
      if (present === undefined) {
        if (mayBeMissing) {
          return { task: null, finished: true, warnings: [...options.warnings, ...warnings] };
        }
        throw releaseAbsent(judgedAbsence(change, store.tasksOf(releaseKey(namespace, release)), clock.now()));
      }
      if (!isInProgress(present.status)) {
        refuseOtherRevision(change, options.expectedRevision, seen.history);
        const record = await cache.get(releaseKey(namespace, release));
        if (judgeChange(change, record, seen.history) === 'nothing') {
          return { task: null, finished: true, warnings: [...options.warnings, ...warnings] };
        }
      }
    }
    const stored = await submitTask({
      namespace,
      release,
      order,
      ...(asked !== undefined && { asked }),
      warnings: [...options.warnings, ...warnings],
      options,
      seen,
      revision: (newest?.revision ?? 0) + (writes ? 1 : 0),
      ...(keepArchive && { keepArchive }),
    });
    return awaitOutcome(stored, options.waiting, signal);
  };
}

/** Whether only the task can know the state of the release when its turn comes. */
function isUndecided(
  store: Pick<TaskStore, 'unfinishedOf'>,
  { namespace, release, options }: Pick<Change, 'namespace' | 'release'> & { options: ChangeTerms },
): boolean {
  return options.idempotencyKey !== undefined || store.unfinishedOf(releaseKey(namespace, release)).length > 0;
}
