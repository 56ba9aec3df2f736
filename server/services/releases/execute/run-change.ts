import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { type ChangeStep, planChange } from '../../../domain/change/change-plan.ts';
import { failedRevision } from '../../../domain/change/failed-revision.ts';
import { releaseNotFound, revisionMismatch } from '../../../domain/errors/release-problems.ts';
import { TooManyAttempts, MAX_ATTEMPTS } from '../../../domain/errors/too-many-attempts.ts';
import { countsToRestore, halfPauses } from '../../../domain/release/half-pauses.ts';
import type { WaitForLock } from '../../../domain/change/seen-release.ts';
import { interruption } from '../../../domain/revisions/interruption.ts';
import { ownCounts } from '../../../domain/workloads/own-objects.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { BLIND, type Masker, NO_SECRETS } from '../../../domain/masking/masker.ts';
import { type ManagedRevision } from '../../../domain/request/recorded-request.ts';
import { hasPausePlugin, type LiveCount } from '../../../domain/workloads/pause-state.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { type OrderKind, type OrderOf, type Task, taskKey, type TaskOrder } from '../../../domain/tasks/task.ts';
import { sharerOf } from '../../../domain/access/sharer.ts';
import type { EngineCall, ReleaseTarget } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease, RecordedFailure } from '../../../ports/helm/helm-release.ts';
import type { Workloads } from '../../../ports/cluster/workloads.ts';
import type { JudgedRevision } from '../../../domain/seals/judged-revision.ts';
import type { GuardUnattended } from '../../automation/guard-unattended.ts';
import { createJudgeRevisions } from '../../automation/judge-revisions.ts';
import type { Recheck, TaskExecutor, TaskResult, TaskRun } from '../../tasks/task-executor.ts';
import { type FindSecrets, maskerOf } from '../../history/kept-secrets.ts';
import { readApplied } from '../../history/read-applied.ts';
import { holderOf } from '../../history/read-revision.ts';
import { actOnRelease, type ActOnReleaseDeps, isLostRace } from './act-on-release.ts';
import type { FindManaged } from '../observe/find-managed.ts';
import { settleRevision } from './settle-revision.ts';
import { maskError, maskProblem } from '../compose/without-secrets.ts';
import type { SeenRevision } from '../../../domain/revisions/history.ts';

export type RunChangeDeps = ActOnReleaseDeps & {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'> & Pick<HelmWriter, 'settle'>;
  findManaged: FindManaged;
  findSecrets: FindSecrets;
  guard: GuardUnattended;
  live: ClusterView;
  workloads: Pick<Workloads, 'scale'>;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
};

/** The release to change, and the change. */
export type ChangeToCarryOut<Order extends TaskOrder> = {
  task: Task;
  order: Order;
  /** The applied revision: the change begins at it, whatever failed since. */
  current: HelmRelease;
  /** Later attempts that failed, oldest first: some objects may be in the state that these wanted. */
  attempts: readonly HelmRelease[];
  /** The newest facts that Walm recorded; null for a release that only plain Helm changed. */
  written: ManagedRevision | null;
  /** The number of the revision to write, already saved in the task. */
  revision: number;
  /** Which revisions the engine may use; absent for a change requested by a user: all. See `ReleaseTarget.judged`. */
  judged?: readonly JudgedRevision[];
  run: TaskRun;
  call: EngineCall;
};

/** The start of a change; `read` is the applied revision, if it was just read. */
type Beginning = {
  revision: number;
  history: readonly SeenRevision[];
  read: HelmRelease | undefined;
  mayLose: boolean;
};

/** The outcome of a change: the revision it wrote, `current` if there was nothing to do, or that it has to wait. */
export type ChangeOutcome = { release: HelmRelease; warnings?: readonly Warning[] } | Recheck;

/**
 * A cluster that disappears repeatedly during a change is not the fault of the change, but each attempt leaves a
 * revision.
 */
const MAX_STARTS = 10;

/** What is not known of a change whose process ended between its failure and its answer. */
const UNANSWERED =
  '; Walm was interrupted before it could answer: what the change had done before may not have been taken back, and the next change restores it';

/**
 * Creates the executor of a change of an existing release, from whatever state an earlier run left: observes, decides,
 * waits for a foreign lock, marks its own half-written revision as failed (decision 30: when a locked release is unlocked), and
 * calls `carryOut` to write the next one. Throws RELEASE_NOT_FOUND, REVISION_MISMATCH, and what `carryOut` throws.
 */
export function createRunChange<Kind extends OrderKind>(
  deps: RunChangeDeps,
  carryOut: (change: ChangeToCarryOut<OrderOf<Kind>>) => Promise<ChangeOutcome>,
): TaskExecutor<OrderOf<Kind>> {
  const { engine, liveView } = deps;
  const judgeRevisions = createJudgeRevisions(deps);

  return async function runChange(task, run) {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    // Observing and unlocking also happen as the caller: a caller who has lost the right gets no further.
    const call = {
      requestId: task.requestId,
      signal: run.signal,
      sharer: sharerOf(task.caller, task.namespace),
    };
    return actOnRelease<Exclude<ChangeStep, WaitForLock>>(deps, task, run, {
      call,
      knowsOwn: true,
      decide: planChange,
      async act(step, { task: current, seen, isFresh, mayLose, save }) {
        switch (step.do) {
          case 'miss':
            throw releaseNotFound(task.namespace, task.release);
          case 'refuse':
            throw revisionMismatch(task.namespace, task.release, task.expectedRevision ?? 0, step.revision);
          case 'finish':
            return finish(current, await engine.getRelease(target, undefined, call), [], step.revision);
          case 'fail': {
            const { failure, masker } = await readFailed(task, step.revision, call);
            const { revision, failure: description } = step;
            throw maskProblem(
              failedRevision('the operation', { revision, description, ...(failure && { failure }) }, UNANSWERED),
              masker,
            );
          }
          case 'supersede':
          case 'settle': {
            const request = { ...target, revision: step.revision, description: interruption(task.id) };
            const isSettled = await settleRevision(engine, request, call, mayLose);
            if (isSettled && step.do === 'settle' && current.attempt >= MAX_ATTEMPTS) {
              throw new TooManyAttempts('the operation', current.attempt);
            }
            return isSettled ? 'look again' : 'lost a race';
          }
          case 'write': {
            if (current.attempt >= MAX_STARTS && current.revision === step.revision - 1) {
              throw new TooManyAttempts('the operation', current.attempt);
            }
            const saved = current.revision === step.revision ? current : await save({ revision: step.revision });
            const read = isFresh ? run.fresh?.current : undefined;
            const next = { revision: step.revision, history: seen.history, read, mayLose };
            return (await write(saved, task.order, next, run, call)) ?? 'lost a race';
          }
        }
      },
    });
  };

  /**
   * Null: an operation of another client started in the meantime, so observe again; unless no race may be lost any
   * more.
   */
  async function write(
    task: Task,
    order: OrderOf<Kind>,
    { revision, history, read, mayLose }: Beginning,
    run: TaskRun,
    call: EngineCall,
  ): Promise<TaskResult | null> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const current = read ?? (await readApplied(engine, target, history, call));
    if (current === null) {
      return null;
    }
    const judged = await judgeRevisions(task, { current, newest: revision - 1 }, call);
    const written = await deps.findManaged(current, task.caller, call);
    const tried = await readAttempts(target, history, current.revision, call);
    // Automatic changes use only sealed revisions; a caller sees all.
    const attempts = judged === undefined ? tried : tried.filter(({ seal }) => seal.sealed);
    const counts = countsToRestore(deps.live, halfPauses(current, attempts));
    const change = { task, order, current, attempts, written, revision, run, call, ...(judged && { judged }) };
    try {
      const outcome = await carryOut(change);
      if (!('release' in outcome)) {
        return outcome;
      }
      if (!hasPausePlugin(readReleaseFacts(outcome.release.releaseConfig)?.plugins ?? [])) {
        await scale(task, counts);
      }
      return await finish(task, outcome.release, outcome.warnings);
    } catch (error) {
      if (mayLose && isLostRace(error)) {
        return null;
      }
      const about = { holder: holderOf(task), written: written?.facts ?? null };
      const masker = await maskerOf(current, deps.findSecrets, about);
      const failed = run.signal.aborted ? NO_SECRETS : await observeFailure(task, { revision, current }, call);
      throw maskError(error, masker.and(failed));
    }
  }

  async function finish(
    task: Task,
    release: HelmRelease | null,
    warnings: readonly Warning[] = [],
    revision = release?.revision,
  ): Promise<TaskResult> {
    if (release !== null) {
      await liveView.observe(taskKey(task), release);
    }
    return { ...(revision !== undefined && { revision }), warnings: newWarnings(task, warnings) };
  }

  /** What was noted of a failed revision, and what is secret in it: its description may quote its values. */
  async function readFailed(
    task: Task,
    revision: number,
    call: EngineCall,
  ): Promise<{ failure?: RecordedFailure; masker: Masker }> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const failed = await engine.getRelease(target, revision, call);
    if (failed === null) {
      return { masker: BLIND };
    }
    const masker = await maskerOf(failed, deps.findSecrets, { holder: holderOf(task) });
    return { masker, ...(failed.failure && { failure: failed.failure }) };
  }

  /** An unreadable attempt provides no information. */
  async function readAttempts(
    target: ReleaseTarget,
    history: readonly SeenRevision[],
    applied: number,
    call: EngineCall,
  ): Promise<HelmRelease[]> {
    const later = history.filter(({ revision }) => revision > applied);
    const read = await Promise.all(
      later.map(({ revision }) =>
        engine.getRelease(target, revision, call).catch((error: unknown) => {
          if (error instanceof ProblemError && error.code === 'RELEASE_UNREADABLE') {
            return null;
          }
          throw error;
        }),
      ),
    );
    return read.filter((attempt) => attempt !== null);
  }

  /** A record is trusted only about workloads of its own release. */
  async function scale(task: Task, counts: readonly LiveCount[]): Promise<void> {
    const own = ownCounts({ namespace: task.namespace, name: task.release }, deps.live, counts);
    await Promise.all(own.map(({ replicas, ...ref }) => deps.workloads.scale(ref, replicas, task.caller)));
  }

  /**
   * When the caller gets the failure, readers already see the failed revision, and workloads that it stopped run again;
   * returns what is secret in it.
   */
  async function observeFailure(
    task: Task,
    { revision, current }: { revision: number; current: HelmRelease },
    call: EngineCall,
  ): Promise<Masker> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    // If the failed revision cannot be read, its text is not trusted.
    const failed = await engine.getRelease(target, undefined, call).catch(() => undefined);
    if (failed === undefined) {
      return BLIND;
    }
    if (failed === null || failed.revision < revision) {
      return NO_SECRETS;
    }
    const counts = halfPauses(current, [failed]).flatMap(({ live }) => live);
    // The caller has to get the original failure; the next change tries again.
    await scale(task, counts).catch(() => undefined);
    await liveView.observe(taskKey(task), failed);
    return maskerOf(failed, deps.findSecrets, { holder: holderOf(task) });
  }
}

/** Warnings that the task did not have when it was accepted. */
function newWarnings(task: Task, warnings: readonly Warning[]): Warning[] {
  const known = new Set(task.warnings.map(({ code, message }) => `${code} ${message}`));
  return warnings.filter(({ code, message }) => !known.has(`${code} ${message}`));
}
