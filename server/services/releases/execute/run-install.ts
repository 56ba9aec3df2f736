import type { KeepArchive } from '../../charts/keep-archive.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { ReleaseRequest } from '../../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { causeOf } from '../../../domain/access/cause.ts';
import { failedRevision } from '../../../domain/change/failed-revision.ts';
import { releaseExists } from '../../../domain/errors/release-problems.ts';
import { FinalProblem, TooManyAttempts, MAX_ATTEMPTS } from '../../../domain/errors/too-many-attempts.ts';
import { BLIND, type Masker, NO_SECRETS } from '../../../domain/masking/masker.ts';
import { type InstallStep, planInstall } from '../../../domain/change/install-plan.ts';
import type { WaitForLock } from '../../../domain/change/seen-release.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type EffectiveRequest, NEW_RELEASE, toEffectiveRequest } from '../../../domain/request/release-request.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { type InstallOrder, type Task, taskKey, type OrderOf } from '../../../domain/tasks/task.ts';
import { sharerOf } from '../../../domain/access/sharer.ts';
import { isRaceOfInstalls } from '../../../domain/tasks/install-race.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease, RecordedFailure } from '../../../ports/helm/helm-release.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { Namespaces } from '../../../ports/cluster/namespaces.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';
import { type FindSecrets, maskerOf } from '../../history/kept-secrets.ts';
import { holderOf } from '../../history/read-revision.ts';
import type { Recheck, TaskExecutor, TaskResult, TaskRun } from '../../tasks/task-executor.ts';
import type { AwaitProviders } from '../../dependencies/await-providers.ts';
import { actOnRelease, type ActOnReleaseDeps } from './act-on-release.ts';
import type { CleanFailedInstall } from './clean-failed-install.ts';
import type { BuildRelease } from '../compose/build-release.ts';
import { resolveRequest } from '../compose/resolve-request.ts';
import { maskProblem, maskProgress, withoutSecrets } from '../compose/without-secrets.ts';

export type RunInstallDeps = ActOnReleaseDeps & {
  engine: Pick<HelmReader, 'getRelease'> & Pick<HelmWriter, 'install'>;
  namespaces: Pick<Namespaces, 'create'>;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  keepArchive: KeepArchive;
  restoreArchive: (namespace: string, digest: string, as: Caller | null) => Promise<void>;
  buildRelease: BuildRelease;
  findSecrets: FindSecrets;
  awaitProviders: AwaitProviders;
  cleanFailedInstall: CleanFailedInstall;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
  operationTime: OperationTime;
  tasks: Pick<TaskStore, 'unfinishedOf'>;
};

/** How soon a waiting install observes another one again, in milliseconds. */
const RACE_LOOK_MS = 500;

/** Carries out an install, from whatever state an earlier run left. */
export function createRunInstall(deps: RunInstallDeps): TaskExecutor<OrderOf<'install'>> {
  const { engine, cleanFailedInstall, liveView } = deps;

  return async function runInstall(task, run) {
    const { order } = task;
    const call = callOf(task, run);
    return actOnRelease<Exclude<InstallStep, WaitForLock>>(deps, task, run, {
      call,
      knowsOwn: true,
      decide: planInstall,
      async act(step, { task: current, save, mayLose }) {
        switch (step.do) {
          case 'install': {
            const later = await awaitDependencies(current, order, run);
            if (later !== null) {
              return later;
            }
            const saved = current.revision === step.revision ? current : await save({ revision: step.revision });
            return (await install(saved, order, run, mayLose)) ?? 'lost a race';
          }
          case 'finish': {
            const target = { identity: task.caller, namespace: task.namespace, name: task.release };
            const release = await engine.getRelease(target, undefined, call);
            if (release !== null) {
              await liveView.observe(taskKey(current), release);
            }
            return { revision: step.revision };
          }
          case 'clear': {
            const leaving = step.failure !== null || current.attempt >= MAX_ATTEMPTS;
            const { masker, noted } =
              leaving && step.failure !== null ? await readFailed(current, run, true) : { masker: NO_SECRETS };
            const told = step.failure === null ? null : failedInstall(step.revision, step.failure, noted);
            if (told !== null && isRace(told, current)) {
              return awaitRival(current, run, maskProblem(told, masker));
            }
            const failure =
              told === null ? new TooManyAttempts('the install', current.attempt) : maskProblem(told, masker);
            const remains = leaving
              ? await takeBack(current, run, masker, failure)
              : await cleanFailedInstall(current, false);
            if (leaving && remains !== null) {
              throw withRemains(failure, remains);
            }
            return 'look again';
          }
          case 'refuse':
            await cleanFailedInstall(current, true);
            throw releaseExists(current.namespace, current.release, step.revision);
        }
      },
    });
  };

  async function awaitDependencies(task: Task, order: InstallOrder, run: TaskRun) {
    const { dependencies } = effectiveOf(task, order.request, order);
    return order.waitReady ? deps.awaitProviders(task, dependencies, run) : null;
  }

  /**
   * Null: the record was written meanwhile, so observe again; for a record of another writer unless no race may be lost
   * any more.
   */
  async function install(task: Task, order: InstallOrder, run: TaskRun, mayLose: boolean): Promise<TaskResult | null> {
    try {
      const { release, warnings } = await callHelm(task, order, run);
      await liveView.observe(taskKey(task), release);
      return { revision: release.revision, warnings };
    } catch (error) {
      if (run.signal.aborted || !(error instanceof ProblemError) || isUncertain(error)) {
        throw error;
      }
      if (mayLose && error.code === 'REVISION_MISMATCH') {
        return null;
      }
      if (isRace(error, task)) {
        return awaitRival(task, run, error);
      }
      const { masker } = await readFailed(task, run, false);
      const failure = maskProblem(error, masker);
      const remains = await takeBack(task, run, masker, failure);
      if (remains === null) {
        return null;
      }
      throw withRemains(failure, remains);
    }
  }

  /** Whether a release that owns an object of this one is just being installed itself, and may still fail. */
  function isRace(failure: ProblemError, task: Task): boolean {
    return isRaceOfInstalls(failure, task, (key) => deps.tasks.unfinishedOf(key));
  }

  async function awaitRival(task: Task, run: TaskRun, { message }: ProblemError): Promise<Recheck> {
    await cleanFailedInstall(task, false);
    run.report({ phase: 'wait', message: `${message}; that release is just being installed itself` });
    return { recheckMs: RACE_LOOK_MS };
  }

  /**
   * Takes a failed install back; if that fails for good, the answer says why the install failed, and then what is left
   * of it and why.
   */
  async function takeBack(task: Task, run: TaskRun, masker: Masker, failure: ProblemError) {
    try {
      return await cleanFailedInstall(task, true, maskProgress(masker, run.report));
    } catch (error) {
      if (!(error instanceof ProblemError) || isUncertain(error) || error.code === 'INTERNAL') {
        throw error;
      }
      const { message, object } = maskProblem(error, masker);
      const left = `${failure.message}; what it had made could not be removed: ${message}`;
      throw withRemains(failure, object ? [object] : [], left);
    }
  }

  /**
   * What was noted of the failed revision, and what is secret in it: its failure may quote documents of the chart.
   * `isAllThatIsLeft`: the failure itself is not known otherwise.
   */
  async function readFailed(
    task: Task,
    run: TaskRun,
    isAllThatIsLeft: boolean,
  ): Promise<{ masker: Masker; noted?: RecordedFailure }> {
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const failed = await engine.getRelease(target, undefined, callOf(task, run)).catch((error: unknown) => {
      // The task runs again: an answer without the noted failure would have another code, and no text.
      if (isAllThatIsLeft && error instanceof ProblemError && isUncertain(error)) throw error;
      // If the failed revision cannot be read, its text is not trusted.
      return undefined;
    });
    if (failed === undefined || failed === null) {
      return { masker: failed === undefined ? BLIND : NO_SECRETS };
    }
    const masker = await maskerOf(failed, deps.findSecrets, { holder: holderOf(task) });
    return { masker, ...(failed.failure && { noted: failed.failure }) };
  }

  async function callHelm(
    task: Task,
    order: InstallOrder,
    run: TaskRun,
  ): Promise<{ release: HelmRelease; warnings: Warning[] }> {
    const { namespace, release: name, caller: identity } = task;
    const { digest } = order.origin;
    const call = callOf(task, run);
    if (order.createNamespace) {
      await deps.namespaces.create(namespace, task.id, identity);
    }
    await deps.restoreArchive(namespace, digest, identity);
    if (run.fresh?.archiveKept !== true) {
      await deps.keepArchive(namespace, digest, { task: task.id, as: identity });
    }
    const chart = await deps.chartFacts(digest, call);
    const cause = causeOf('installed', identity);
    const { values, releaseConfig, labels, masker, transform, warnings } = await deps.buildRelease({
      namespace,
      effective: effectiveOf(
        task,
        resolveRequest(order.request, { chart, origin: order.origin }).request,
        order,
        chart,
      ),
      chart,
      origin: order.origin,
      taskId: task.id,
      dependencyRules: { allowMissing: order.allowMissing },
      cause,
      caller: identity,
      warnings: task.warnings,
    });
    const release = await withoutSecrets(masker, () =>
      engine.install(
        {
          identity,
          namespace,
          name,
          values,
          releaseConfig,
          labels,
          transform,
          chart: digest,
          description: cause,
          crds: order.crds,
          timeoutMs: deps.operationTime(task),
          ...(order.forceConflicts === true && { forceConflicts: true }),
        },
        { ...call, onProgress: maskProgress(masker, run.report) },
      ),
    );
    return { release, warnings: [...warnings, ...release.warnings] };
  }
}

function effectiveOf(
  { namespace }: Task,
  request: ReleaseRequest,
  { membership }: InstallOrder,
  chart?: ChartFacts,
): EffectiveRequest {
  return toEffectiveRequest(request, namespace, { ...NEW_RELEASE, ...membership }, chart?.metainfo?.plugins);
}

function callOf({ requestId, caller, namespace }: Task, { signal }: TaskRun): EngineCall {
  return { requestId, signal, sharer: sharerOf(caller, namespace) };
}

/**
 * Either it is unknown what the engine did, or the engine was too busy to start: the task runner runs the task again.
 */
function isUncertain({ code }: ProblemError): boolean {
  return code === 'ENGINE_STOPPED' || code === 'CLUSTER_UNREACHABLE' || code === 'ENGINE_BUSY';
}

function failedInstall(revision: number, description: string, noted: RecordedFailure | undefined): ProblemError {
  return failedRevision('the install', { revision, description, ...(noted && { failure: noted }) }, '');
}

/** The same failure, final if it was, with what remains of the install. */
function withRemains(failure: ProblemError, remains: unknown, message = failure.message): ProblemError {
  const { code, details, object, cause } = failure;
  const options = { details: { ...details, remains }, ...(object && { object }), cause };
  return failure instanceof FinalProblem
    ? new FinalProblem(code, message, options)
    : new ProblemError(code, message, options);
}
