import type { ReleaseRecord } from '../../domain/release-record.ts';
import { revisionBefore } from '../../domain/rollback-plan.ts';
import { orderOnFailure, watchedFor } from '../../domain/rollout-plan.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { createAcceptChange } from './accept-change.ts';

export type AnswerFailedRolloutDeps = {
  engine: Pick<HelmEngine, 'releaseHistory'>;
  acceptChange: ReturnType<typeof createAcceptChange>;
};

/**
 * Submits the change that a release asks for when its rollout fails, as Walm itself and only for the revision that
 * failed: a release that was changed since is left alone. The same revision twice is one task.
 */
export function createAnswerFailedRollout({ engine, acceptChange }: AnswerFailedRolloutDeps) {
  return async (record: ReleaseRecord, reason: string, signal: AbortSignal): Promise<void> => {
    const { namespace, name: release, revision } = record;
    const action = watchedFor(record);
    const history = await engine.releaseHistory({ identity: null, namespace, name: release }, { signal });
    const order = action && orderOnFailure(action, reason, revisionBefore(history, revision));
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
      warnings: [],
      idempotencyKey: `${cause} of ${record.updated}`,
      expectedRevision: revision,
    };
    await acceptChange({ namespace, release, order, options }, signal);
  };
}
