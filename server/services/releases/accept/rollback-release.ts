import { revisionNotFound } from '../../../domain/errors/release-problems.ts';
import { appliedBefore } from '../../../domain/revisions/applied-revision.ts';
import { presentRevision } from '../../../domain/revisions/history.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import { type AcceptChange, isUndecided } from './accept-change.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import type { MutationOutcome, RollbackInput } from '../../tasks/release-mutation.ts';

export type RollbackReleaseDeps = {
  acceptChange: AcceptChange;
  observeRelease: ObserveRelease;
  store: Pick<TaskStore, 'unfinishedOf'>;
};

/** Accepts a rollback. Throws RELEASE_NOT_FOUND, REVISION_NOT_FOUND, and the problem that the task fails with. */
export type RollbackRelease = (rollbackInput: RollbackInput, signal: AbortSignal) => Promise<MutationOutcome>;

export function createRollbackRelease({ acceptChange, observeRelease, store }: RollbackReleaseDeps): RollbackRelease {
  return async function rollbackRelease({ revision, hooks = true, ...input }, signal) {
    const { namespace, release, options } = input;
    const call = { signal, requestId: options.requestId };
    const seen = await observeRelease({ identity: options.caller, namespace, release }, call);
    const newest = presentRevision(seen.history);
    if (newest !== undefined && !isUndecided(store, input)) {
      const wanted = revision === 0 ? appliedBefore(seen.history, newest.revision)?.revision : revision;
      const kept = seen.history.map((one) => one.revision);
      if (wanted === undefined || !kept.includes(wanted)) {
        throw revisionNotFound(input, wanted ?? newest.revision - 1, kept);
      }
    }
    const order = { kind: 'rollback', revision, ...(!hooks && { disableHooks: true }) } as const;
    return acceptChange({ ...input, order, seen }, signal);
  };
}
