import { problem } from '../../domain/problem-error.ts';
import { releaseKey } from '../../domain/release-key.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { createSubmitTask } from '../tasks/submit-task.ts';
import type { createAwaitOutcome } from './await-outcome.ts';
import type { createObserveRelease } from './observe-release.ts';
import type { DeleteInput, MutationOutcome } from './release-mutation.ts';

export type DeleteReleaseDeps = {
  observeRelease: ReturnType<typeof createObserveRelease>;
  store: Pick<TaskStore, 'unfinishedOf'>;
  submitTask: ReturnType<typeof createSubmitTask>;
  awaitOutcome: ReturnType<typeof createAwaitOutcome>;
};

/**
 * Accepts a delete. Throws RELEASE_NOT_FOUND unless `ignoreNotFound` (decision 20), REVISION_MISMATCH, and what the
 * task fails with.
 */
export function createDeleteRelease({ observeRelease, store, submitTask, awaitOutcome }: DeleteReleaseDeps) {
  return async (input: DeleteInput, signal: AbortSignal): Promise<MutationOutcome> => {
    const { namespace, release, deletePvcs, options } = input;
    const call = { signal, requestId: options.requestId };
    const seen = await observeRelease({ identity: options.caller, namespace, release }, call);
    const newest = seen.history.at(-1);
    const gone = newest === undefined || newest.status === 'uninstalled';
    const undecided =
      options.idempotencyKey !== undefined || store.unfinishedOf(releaseKey(namespace, release)).length > 0;
    if (gone && !undecided) {
      if (input.ignoreNotFound) {
        return { task: null, finished: true, warnings: options.warnings };
      }
      throw releaseNotFound(namespace, release);
    }
    const { expectedRevision } = options;
    if (!undecided && expectedRevision !== undefined && expectedRevision !== newest?.revision) {
      throw revisionMismatch(namespace, release, expectedRevision, newest?.revision ?? 0);
    }
    const stored = await submitTask({
      namespace,
      release,
      order: { kind: 'delete', deletePvcs, ignoreNotFound: input.ignoreNotFound },
      warnings: [...options.warnings],
      options,
      seen,
      revision: newest?.revision ?? 0,
    });
    return awaitOutcome(stored, options, signal);
  };
}

/** The problem of changing a release that does not exist. */
export function releaseNotFound(namespace: string, name: string) {
  return problem('RELEASE_NOT_FOUND', `release ${name} is not found`, {}, { kind: 'Release', namespace, name });
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
