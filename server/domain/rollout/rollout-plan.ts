import { isRewriteOperation } from '../change/rewritten-config.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import type { TaskOrder } from '../tasks/task.ts';

/** What happens when a rollout fails (decision 35); nothing where a release says none of these. */
export const ON_FAILURE = ['hold', 'pause', 'rollback'] as const;
export type OnFailure = (typeof ON_FAILURE)[number];

/** What a seal names where a revision goes back to an earlier one. */
const ROLLBACK = 'rollback';

/**
 * What is to happen when the rollout of this revision fails; undefined when nobody watches it: it asks for nothing, is
 * not in force or not Walm's, or is itself what came of a failed rollout. What it came of is told by its seal: who may
 * edit the namespace may write any description.
 */
export function watchedFor({ facts, outside, status, paused, seal }: ReleaseRecord): OnFailure | undefined {
  if (!seal.sealed) {
    return undefined;
  }
  const isAnswer = isRewriteOperation(seal.operation) || seal.operation === ROLLBACK;
  return outside !== null || status !== 'deployed' || paused || isAnswer
    ? undefined
    : ON_FAILURE.find((known) => known === facts?.onFailure);
}

/** Whether this revision is the way back from a rollout that may have left pods which Kubernetes does not replace. */
export function isReturn({ facts, outside, status, paused, seal }: ReleaseRecord): boolean {
  const isInForce = outside === null && status === 'deployed' && !paused;
  return isInForce && facts?.onFailure === 'rollback' && seal.sealed && seal.operation === ROLLBACK;
}

/**
 * The change that answers a failed rollout; `previous` is the newest revision that was in force before, undefined after
 * a first install: there is nothing to roll back to then.
 */
export function orderOnFailure(action: OnFailure, reason: string, previous: number | undefined): TaskOrder | undefined {
  switch (action) {
    case 'hold':
    case 'pause':
      return { kind: action, reason };
    case 'rollback':
      return previous === undefined ? undefined : { kind: 'rollback', revision: previous };
    default:
      return action satisfies never;
  }
}
