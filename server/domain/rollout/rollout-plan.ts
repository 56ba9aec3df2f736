import { isRewriteOperation } from '../change/rewritten-config.ts';
import { isDeployed } from '../revisions/helm-status.ts';
import type { ReleaseRecord } from '../release/release-record.ts';
import type { TaskOrder } from '../tasks/task.ts';

/** Reactions to a failed rollout (decision 35: `onFailure`); none if a release names none of these. */
export const ON_FAILURE = ['hold', 'pause', 'rollback'] as const;
export type OnFailure = (typeof ON_FAILURE)[number];

/** The operation in the seal of a revision that goes back to an earlier one. */
const ROLLBACK = 'rollback';

/**
 * The reaction if the rollout of this revision fails; undefined if it is not watched: it requests none, is not applied
 * or not Walm's, or is itself the reaction to a failed rollout. The latter is read from its seal, because anyone who
 * may edit the namespace can write any description.
 */
export function watchedFor({ facts, outside, status, paused, seal }: ReleaseRecord): OnFailure | undefined {
  if (!seal.sealed) {
    return undefined;
  }
  const isAnswer = isRewriteOperation(seal.operation) || seal.operation === ROLLBACK;
  return outside !== null || !isDeployed(status) || paused || isAnswer
    ? undefined
    : ON_FAILURE.find((known) => known === facts?.onFailure);
}

/** Whether this revision goes back after a rollout that may have left pods which Kubernetes does not replace. */
export function isReturn({ facts, outside, status, paused, seal }: ReleaseRecord): boolean {
  const isInForce = outside === null && isDeployed(status) && !paused;
  return isInForce && facts?.onFailure === 'rollback' && seal.sealed && seal.operation === ROLLBACK;
}

/**
 * The change that reacts to a failed rollout; `previous` is the newest revision that was applied before, undefined
 * after a first install: then there is nothing to roll back to.
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
