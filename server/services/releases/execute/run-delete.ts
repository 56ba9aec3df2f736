import type { DropArchive } from '../../charts/collect-archives.ts';
import { convertTransform } from '../../../domain/api-upgrade/convert-transform.ts';
import { type DeleteStep, planDelete } from '../../../domain/change/delete-plan.ts';
import { judgedAbsence } from '../../../domain/answers/judged-release.ts';
import { releaseAbsent, revisionMismatch } from '../../../domain/errors/release-problems.ts';
import { asString, valueAt } from '../../../domain/json/json-reading.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { claimPatterns, claimsOf } from '../../../domain/release/release-claims.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { type DeleteOrder, type Task, taskKey, type OrderOf } from '../../../domain/tasks/task.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { Claims } from '../../../ports/cluster/claims.ts';
import type { EngineCall, ReleaseTarget } from '../../../ports/helm/engine-call.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { EngineWarning, HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { TaskExecutor, TaskResult, TaskRun } from '../../tasks/task-executor.ts';
import { actOnRelease, type ActOnReleaseDeps, isLostRace } from './act-on-release.ts';
import type { SeenRevision } from '../../../domain/revisions/history.ts';
import type { WaitForLock } from '../../../domain/change/seen-release.ts';

export type RunDeleteDeps = ActOnReleaseDeps & {
  engine: Pick<HelmReader, 'getRelease'> & Pick<HelmWriter, 'uninstall'>;
  claims: Claims;
  dropArchive: DropArchive;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
  operationTime: OperationTime;
  tasks: Pick<TaskStore, 'tasksOf'>;
  clock: Pick<Clock, 'now'>;
};

type PlannedDeletion = { order: DeleteOrder; digests: string[]; keptClaims: string[] };

/** Carries out a delete, from whatever state an earlier run left: objects that are already gone are not an error. */
export function createRunDelete(deps: RunDeleteDeps): TaskExecutor<OrderOf<'delete'>> {
  const { engine, claims, liveView } = deps;

  return async function runDelete(task, run) {
    const { order, namespace, release } = task;
    return actOnRelease<Exclude<DeleteStep, WaitForLock>>(deps, task, run, {
      call: callOf(task, run),
      knowsOwn: false,
      decide: (current, { history }) => planDelete(current, history),
      async act(step, { seen, mayLose }) {
        switch (step.do) {
          case 'finish':
            return finish(task, { order, digests: order.digests ?? [], keptClaims: [] }, wasStarted(task, run));
          case 'refuse':
            throw revisionMismatch(namespace, release, task.expectedRevision ?? 0, step.revision);
          case 'remove':
            return (await remove(task, order, { history: seen.history, mayLose }, run)) ?? 'lost a race';
        }
      },
    });
  };

  /** Null: another process wrote the record meanwhile, so observe again; unless no race may be lost any more. */
  async function remove(
    task: Task,
    order: DeleteOrder,
    { history, mayLose }: { history: readonly SeenRevision[]; mayLose: boolean },
    run: TaskRun,
  ): Promise<TaskResult | null> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const planned = await lookThrough(target, order, history, callOf(task, run));
    await run.save({ revision: history.at(-1)?.revision ?? 0, order: { ...planned.order, digests: planned.digests } });
    try {
      const { warnings } = await engine.uninstall(
        {
          ...target,
          keepHistory: order.keepHistory === true,
          disableHooks: order.disableHooks === true,
          timeoutMs: deps.operationTime(task),
          wait: true,
          transform: { run: convertTransform, always: false },
        },
        { ...callOf(task, run), onProgress: run.report },
      );
      const result = await finish(task, planned, true);
      const claims = planned.keptClaims.map((name) => keptClaim(task.namespace, name));
      return { ...result, warnings: [...warnings, ...claims] };
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'RELEASE_NOT_FOUND') {
        return finish(task, planned, true);
      }
      if (mayLose && isLostRace(error)) {
        return null;
      }
      if (!run.signal.aborted) {
        await observeRest(task, run);
      }
      throw error;
    }
  }

  /**
   * Finds claims and archives in the stored revisions while these still exist (decision 37: claims of deleted
   * releases).
   */
  async function lookThrough(
    target: ReleaseTarget,
    order: DeleteOrder,
    history: readonly SeenRevision[],
    call: EngineCall,
  ): Promise<PlannedDeletion> {
    const wanted = order.deletePvcs ? history : history.slice(-1);
    const found = await Promise.all(wanted.map(({ revision }) => engine.getRelease(target, revision, call)));
    const revisions = found.filter((release) => release !== null);
    const digests = revisions
      .map(({ releaseConfig }) => asString(valueAt(releaseConfig ?? {}, 'spec', 'source', 'digest')))
      .filter((digest) => digest !== '');
    const patterns = claimPatterns(revisions.flatMap(({ objects }) => objects));
    const made = order.deletePvcs ? claimsOf(patterns, await claims.list(target.namespace, target.identity)) : [];
    const names = made.filter(({ kept }) => !kept).map(({ name }) => name);
    return {
      order: { ...order, claims: [...new Set([...(order.claims ?? []), ...names])] },
      digests: [...new Set([...(order.digests ?? []), ...digests])],
      keptClaims: made.filter(({ kept }) => kept).map(({ name }) => name),
    };
  }

  /** Removes what is deleted after the release, and updates the readers. */
  async function finish(task: Task, { order, digests }: PlannedDeletion, began: boolean): Promise<TaskResult> {
    if (!began && !order.ignoreNotFound) {
      const others = deps.tasks.tasksOf(taskKey(task)).filter(({ id }) => id !== task.id);
      throw releaseAbsent(judgedAbsence(task, others, deps.clock.now()));
    }
    await liveView.observe(taskKey(task), null);
    await Promise.all((order.claims ?? []).map((claim) => claims.remove(task.namespace, claim, task.caller)));
    const dropped = order.keepHistory === true ? [] : digests;
    await Promise.all(
      dropped.map((digest) => deps.dropArchive(task.namespace, digest, { task: task.id, as: task.caller })),
    );
    return {};
  }

  /**
   * Updates the readers after a failed delete: Helm may have removed the records and still report a failure, for
   * example for objects that do not go away; otherwise the release is as it was before.
   */
  async function observeRest(task: Task, run: TaskRun): Promise<void> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const left = await engine.getRelease(target, undefined, callOf(task, run));
    await liveView.observe(taskKey(task), left);
  }
}

/** Whether an earlier run of this task saw the release: then its absence is the result of this task. */
function wasStarted(task: Task, run: TaskRun): boolean {
  return run.fresh === undefined && task.order.kind === 'delete' && task.order.digests !== undefined;
}

function keptClaim(namespace: string, name: string): EngineWarning {
  return {
    code: 'OBJECT_KEPT',
    message: `PersistentVolumeClaim ${name} stays: its resource policy says that it is kept`,
    object: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
  };
}

function callOf({ requestId }: Task, { signal }: TaskRun): EngineCall {
  return { requestId, signal };
}
