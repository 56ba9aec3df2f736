import type { ReleaseRecord } from '../../domain/release-record.ts';
import { revisionBefore } from '../../domain/rollback-plan.ts';
import { orderOnFailure, watchedFor } from '../../domain/rollout-plan.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { createAcceptChange } from './accept-change.ts';

export type AnswerFailedRolloutDeps = {
  engine: Pick<HelmEngine, 'getRelease' | 'releaseHistory'>;
  acceptChange: ReturnType<typeof createAcceptChange>;
};

/**
 * Submits the change that a release asks for when its rollout fails, as Walm itself and only for the revision that
 * failed: a release that was changed since is left alone. The same revision twice is one task. Nothing is rolled back to
 * a revision without a valid seal: what is in it may be anybody's.
 */
export function createAnswerFailedRollout({ engine, acceptChange }: AnswerFailedRolloutDeps) {
  return async (record: ReleaseRecord, reason: string, signal: AbortSignal): Promise<void> => {
    const { namespace, name: release, revision } = record;
    const action = watchedFor(record);
    const history = await engine.releaseHistory({ identity: null, namespace, name: release }, { signal });
    const previous = revisionBefore(history, revision);
    if (action === 'rollback' && previous !== undefined) {
      const target = await engine.getRelease({ identity: null, namespace, name: release }, previous, { signal });
      if (target?.seal.sealed !== true) {
        return;
      }
    }
    const order = action && orderOnFailure(action, reason, previous);
    if (order === undefined) {
      return;
    }
    const cause = `rollout of ${namespace}/${release} revision ${revision}`;
    const options = {
      async: true,
      timeoutSec: 0,
      strict: false,
      requestId: cause,
      caller: null,
      automatic: true as const,
      warnings: [],
      idempotencyKey: `${cause} of ${record.updated}`,
      expectedRevision: revision,
    };
    await acceptChange({ namespace, release, order, options }, signal);
  };
}
