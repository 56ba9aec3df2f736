import type { AccessQuestion } from '../../../domain/access/access-question.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { problem, ProblemError } from '../../../domain/errors/problem-error.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import { appliedBefore } from '../../../domain/revisions/applied-revision.ts';
import { orderOnFailure, watchedFor } from '../../../domain/rollout/rollout-plan.ts';
import type { TaskOrder } from '../../../domain/tasks/task.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { othersRevision } from '../../automation/guard-unattended.ts';
import type { JudgeAutomation, Denial, Judgement } from '../../automation/judge-automation.ts';
import type { AcceptChange } from './accept-change.ts';

export type HandleFailedRolloutDeps = {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'>;
  judgeAutomation: JudgeAutomation;
  /** The denial that follows from a refusal of the cluster. */
  denialOf: (refusal: ProblemError) => Denial;
  acceptChange: AcceptChange;
  /** Whether a user has a right now. */
  hasRight: (caller: Caller | null, right: AccessQuestion) => Promise<boolean>;
  /** Whether a sealed revision was made by this user, or by Walm itself. */
  isMadeBy: (person: Caller | null, release: HelmRelease) => boolean;
};

/**
 * Submits the change that a release requests for a failed rollout, with the identity of the user who made the failed
 * revision and only for that revision: a release that was changed since is left alone, and the revision to roll back to
 * has to be sealed and made by the same user. Calling it twice for a revision creates one task, unless the first was
 * given up because it was interrupted, or was refused for a right that the user has now: nothing else would repeat it.
 */
export type HandleFailedRollout = (
  record: ReleaseRecord,
  reason: string,
  signal: AbortSignal,
) => Promise<RolloutAnswer>;

/** What was done about a failed rollout. */
export type RolloutAnswer =
  /** Its task may still be given up. */
  | { is: 'submitted' }
  | { is: 'denied'; denial: Denial }
  /** There is no revision to go back to. */
  | { is: 'nothing' };

/** Tasks for one failed rollout: what interrupts as many of them probably crashes the engine. */
const MAX_TASKS = 3;

export function createHandleFailedRollout(deps: HandleFailedRolloutDeps): HandleFailedRollout {
  const { engine, judgeAutomation, acceptChange } = deps;

  /** Read as that user, so that a release whose records they may no longer read is left alone. */
  async function orderFor(record: ReleaseRecord, reason: string, identity: Caller | null, signal: AbortSignal) {
    const { namespace, name, revision } = record;
    const target = { identity, namespace, name };
    const action = watchedFor(record);
    const previous = appliedBefore(await engine.releaseHistory(target, { signal }), revision)?.revision;
    const order = action && orderOnFailure(action, reason, previous);
    const goal = order?.kind === 'rollback' ? await engine.getRelease(target, order.revision, { signal }) : null;
    if (goal !== null && !goal.seal.sealed) {
      throw problem(
        'RELEASE_NOT_SEALED',
        `revision ${goal.revision}, the target of the rollback, is not sealed: ${goal.seal.reason}`,
      );
    }
    if (goal !== null && !deps.isMadeBy(identity, goal)) {
      throw problem('FORBIDDEN', othersRevision(goal.revision), { revision: goal.revision });
    }
    return order;
  }

  return async function handleFailedRollout(record, reason, signal) {
    const judgement = await judgeAutomation({ release: record });
    if (!judgement.may) {
      return { is: 'denied', denial: judgement };
    }
    try {
      const order = await orderFor(record, reason, judgement.as, signal);
      if (order === undefined) {
        return { is: 'nothing' };
      }
      await submit(record, order, judgement, signal);
      return { is: 'submitted' };
    } catch (error) {
      if (error instanceof ProblemError && (error.code === 'FORBIDDEN' || error.code === 'RELEASE_NOT_SEALED')) {
        return { is: 'denied', denial: deps.denialOf(error) };
      }
      throw error;
    }
  };

  /** Whether an earlier task was refused for a right that has been given since. */
  async function isAllowedNow(error: unknown, caller: Caller | null): Promise<boolean> {
    if (!(error instanceof ProblemError && error.code === 'FORBIDDEN' && error.details['task'] !== undefined)) {
      return false;
    }
    const { missing } = deps.denialOf(error);
    return missing !== undefined && (await deps.hasRight(caller, missing));
  }

  async function submit(
    { namespace, name: release, revision, updated }: ReleaseRecord,
    order: TaskOrder,
    { as: caller, since }: Extract<Judgement, { may: true }>,
    signal: AbortSignal,
  ): Promise<void> {
    const cause = `rollout of ${namespace}/${release} revision ${revision}`;
    const options = {
      waiting: null,
      requestId: cause,
      caller,
      unattended: { since },
      warnings: [],
      expectedRevision: revision,
    };
    // Reasons and goals may read differently by the time of a repetition.
    const asked = { onFailure: order.kind };
    for (let count = 1; ; count += 1) {
      const idempotencyKey = `${cause} of ${updated}${count === 1 ? '' : `, task ${count}`}`;
      try {
        await acceptChange({ namespace, release, order, asked, options: { ...options, idempotencyKey } }, signal);
        return;
      } catch (error) {
        if (count >= MAX_TASKS || !(isGivenUp(error) || (await isAllowedNow(error, caller)))) {
          throw error;
        }
      }
    }
  }
}

/** Whether this is how an earlier task ended that was interrupted too often; other interruptions name no task. */
function isGivenUp(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'ENGINE_STOPPED' && error.details['task'] !== undefined;
}
