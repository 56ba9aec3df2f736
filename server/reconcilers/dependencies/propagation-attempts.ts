import { backoffMs } from '../../../contract/backoff.ts';
import { problemCatalogue } from '../../../contract/problems/catalogue.ts';
import { isProblemCode } from '../../../contract/problems/problem.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { isFinished } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Denial } from '../../services/automation/judge-automation.ts';
import { createRefusedAttempts, type RefusedAttemptsDeps } from './refused-attempts.ts';

export type PropagationAttemptsDeps = {
  store: Pick<TaskStore, 'find'>;
  hasRight: RefusedAttemptsDeps['hasRight'];
  /** The denial that follows from a refusal of the cluster. */
  denialOf: (refusal: { message: string; details: Readonly<Record<string, unknown>> }) => Denial;
  clock: Pick<Clock, 'now'>;
};

/**
 * Why a dependent must not be upgraded now: a right is missing, the last attempt failed in a way that only another
 * `basis` cures, or it failed and the next one is due in `leftMs`.
 */
export type Obstacle =
  | { is: 'denied'; denial: Denial }
  | { is: 'hopeless'; reason: string }
  | { is: 'early'; reason: string; leftMs: number };

/**
 * The last attempt to upgrade each dependent, for its status and the backoff of the next one. It is in memory only: losing
 * it costs one more attempt.
 */
export type PropagationAttempts = {
  /** An attempt by the task `taskId`, from what `basis` identifies. */
  begin(key: ReleaseKey, taskId: string, basis: string): void;
  /** Whether the last attempt is known to have failed. */
  isFailing(key: ReleaseKey): boolean;
  /** Notes how the last attempt ended; true if it failed and that was not known before. */
  noteEnd(key: ReleaseKey): Promise<boolean>;
  /** What stands in the way of an attempt from `basis` as the caller `as`; null if nothing does. */
  obstacle(key: ReleaseKey, basis: string, as: Caller | null): Promise<Obstacle | null>;
  forget(key: ReleaseKey): void;
};

type Attempt = {
  taskId: string;
  basis: string;
  failures: number;
  notBefore: number;
  reason: string;
  /** A retry cannot succeed and would only leave another failed revision. */
  terminal: boolean;
};

/** Failures that a later retry does not cure. */
export const REFUSED: ReadonlySet<string> = new Set([
  'FORBIDDEN',
  'RELEASE_NOT_SEALED',
  'NAMESPACE_RESERVED',
  'OUTPUT_SHAPES_OBJECTS',
]);
const RETRY = { initialMs: 1_000, maxMs: 5 * 60_000 };

/** Whether a retry of the same attempt would fail in the same way. */
function isTerminal(code: string): boolean {
  return isProblemCode(code) && !problemCatalogue[code].retryable;
}

export function createPropagationAttempts(deps: PropagationAttemptsDeps): PropagationAttempts {
  const { store, clock } = deps;
  const attempts = new Map<ReleaseKey, Attempt>();
  const refusals = createRefusedAttempts({ hasRight: deps.hasRight });

  return {
    begin(key, taskId, basis) {
      const former = attempts.get(key);
      const failures = former === undefined || former.terminal ? 0 : former.failures;
      attempts.set(key, { taskId, basis, failures, notBefore: 0, reason: '', terminal: false });
    },
    isFailing: (key) => (attempts.get(key)?.reason ?? '') !== '',
    async noteEnd(key) {
      const attempt = attempts.get(key);
      if (attempt === undefined || attempt.reason !== '') {
        return false;
      }
      const task = (await store.find(attempt.taskId))?.task;
      if (task === undefined || !isFinished(task) || task.state === 'succeeded') {
        return false;
      }
      if (task.state === 'failed' && task.error !== undefined && REFUSED.has(task.error.code)) {
        attempts.delete(key);
        refusals.note(key, deps.denialOf(task.error));
        return true;
      }
      const failures = attempt.failures + 1;
      attempts.set(key, {
        ...attempt,
        failures,
        notBefore: clock.now() + backoffMs(failures, RETRY),
        reason: task.error?.message ?? task.state,
        terminal: task.error !== undefined && isTerminal(task.error.code),
      });
      return true;
    },
    async obstacle(key, basis, as) {
      const denial = await refusals.standing(key, basis, as);
      if (denial !== null) {
        return { is: 'denied', denial };
      }
      const former = attempts.get(key);
      if (former?.terminal === true) {
        return former.basis === basis ? { is: 'hopeless', reason: former.reason } : null;
      }
      const leftMs = (former?.notBefore ?? 0) - clock.now();
      return leftMs > 0 ? { is: 'early', reason: former?.reason ?? '', leftMs } : null;
    },
    forget(key) {
      attempts.delete(key);
      refusals.forget(key);
    },
  };
}
