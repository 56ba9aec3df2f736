import type { KeepArchive } from '../../charts/keep-archive.ts';
import { type ApplyChoice, chooseApply } from '../../../domain/change/apply-choice.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { judgedAbsence } from '../../../domain/answers/judged-release.ts';
import { releaseAbsent, releaseExists } from '../../../domain/errors/release-problems.ts';
import { appliedRevision } from '../../../domain/revisions/applied-revision.ts';
import { type MemoryUnit, withMemoryUnit } from '../../../domain/metainfo/memory-unit.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import { toEffectiveRequest } from '../../../domain/request/release-request.ts';
import { namesChart } from '../../../domain/request/names-chart.ts';
import type { TaskOrder } from '../../../domain/tasks/task.ts';
import type { JsonValue } from '../../../domain/json/json.ts';
import { type Sharer, sharerOf } from '../../../domain/access/sharer.ts';
import type { Namespaces } from '../../../ports/cluster/namespaces.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { Authorization } from '../../access/authorization.ts';
import type { ResolveChart } from '../../charts/resolve-chart.ts';
import type { FindRepeated } from '../../tasks/find-repeated.ts';
import type { SubmitTask } from '../../tasks/submit-task.ts';
import { admitNamespace } from '../../access/admit-namespace.ts';
import type { AwaitOutcome } from '../../tasks/await-outcome.ts';
import { refuseOtherRevision } from '../observe/expected-revision.ts';
import type { Judged, ValidateRequest } from './validate-request.ts';
import type { ObserveRelease } from '../observe/observe-release.ts';
import type { ApplyInput, MutationOutcome } from '../../tasks/release-mutation.ts';
import type { SeenRevision } from '../../../domain/revisions/history.ts';

export type ApplyReleaseDeps = {
  resolveChart: ResolveChart;
  namespaces: Pick<Namespaces, 'exists'>;
  authorization: Pick<Authorization, 'demand'>;
  observeRelease: ObserveRelease;
  validateRequest: ValidateRequest;
  keepArchive: KeepArchive;
  /** Namespace for archives of releases whose own namespace does not exist yet. */
  stagingNamespace: string;
  store: Pick<TaskStore, 'tasksOf' | 'unfinishedOf'>;
  clock: Pick<Clock, 'now'>;
  findRepeated: FindRepeated;
  submitTask: SubmitTask;
  memoryUnit: MemoryUnit;
  awaitOutcome: AwaitOutcome;
};

/**
 * Accepts an install or an upgrade: any fault that can be known in advance is refused before anything is written; then
 * the task is durable, and the caller may wait for it. Throws the problems of the request, of the chart and its source,
 * NAMESPACE_NOT_FOUND, NAMESPACE_TERMINATING, RELEASE_EXISTS, RELEASE_NOT_FOUND, REVISION_MISMATCH, and the problem
 * that the task fails with.
 */
export type ApplyRelease = (
  verb: 'install' | 'upgrade',
  given: ApplyInput,
  signal: AbortSignal,
) => Promise<MutationOutcome>;

export function createApplyRelease(deps: ApplyReleaseDeps): ApplyRelease {
  return async function applyRelease(verb, given, signal) {
    const input = { ...given, request: withMemoryUnit(given.request, deps.memoryUnit) };
    const { namespace, options } = input;
    const { name } = toEffectiveRequest(input.request, namespace);
    // Nothing but a key has a request compared with others; a large one takes a while to be written down.
    const asked = options.idempotencyKey === undefined ? null : askedOf(verb, input);
    const repeated = await deps.findRepeated({ namespace, release: name, asked, options });
    if (repeated !== null) {
      return deps.awaitOutcome(repeated, options.waiting, signal);
    }
    const call = { signal, requestId: options.requestId, sharer: sharerOf(options.caller, namespace) };
    const [snapshot, resolving, existing] = await Promise.allSettled([
      deps.observeRelease({ identity: options.caller, namespace, release: name }, call),
      namesChart(input) ? deps.resolveChart(input, call) : null,
      deps.namespaces.exists(namespace),
    ]);
    // Checks run in this order, so that the same request always gets the same answer.
    const seen = settled(snapshot);
    const queued = deps.store.unfinishedOf(releaseKey(namespace, name)).length > 0;
    const choice = chooseApply(verb, seen.history, { upsert: input.upsert === true, queued });
    if (choice.do === 'refuse' && choice.code === 'RELEASE_NOT_FOUND') {
      const tasks = deps.store.tasksOf(releaseKey(namespace, name));
      throw releaseAbsent(judgedAbsence({ namespace, release: name }, tasks, deps.clock.now()));
    }
    const named = settled(resolving)?.origin ?? null;
    const exists = settled(existing);
    const { createNamespace } = input;
    await admitNamespace(deps.authorization, { namespace, exists, createNamespace, caller: options.caller });
    const judged = await judge(choice, input, { name, origin: named, history: seen.history }, call);
    const revision = seen.history.at(-1)?.revision ?? 0;
    if (choice.do === 'refuse') {
      throw releaseExists(namespace, name, revision);
    }
    refuseOther(choice, input, name, seen.history);
    const origin = judged?.origin ?? named;
    const stored = await deps.submitTask({
      namespace,
      release: name,
      order: orderOf(choice, input, judged, named),
      asked,
      warnings: [...options.warnings, ...(judged?.warnings ?? [])],
      options,
      seen,
      ...(judged?.current && { current: judged.current }),
      revision: revision + 1,
      ...(origin !== null && {
        keepArchive: async (task) => {
          // An archive whose namespace does not exist yet waits in Walm's own namespace.
          const [at, as] = exists ? [namespace, options.caller] : [deps.stagingNamespace, null];
          await deps.keepArchive(at, origin.digest, { task, as });
          return exists;
        },
      }),
    });
    return deps.awaitOutcome(stored, options.waiting, signal);
  };

  /** Null if an earlier task will change the release in a way that is not known yet. */
  async function judge(
    choice: ApplyChoice,
    input: ApplyInput,
    asked: { name: string; origin: ChartOrigin | null; history: readonly SeenRevision[] },
    call: { signal: AbortSignal; requestId: string; sharer: Sharer },
  ): Promise<Judged | null> {
    if (choice.do === 'upgrade') {
      return choice.known ? deps.validateRequest.upgrade(input, asked, call) : null;
    }
    const origin = asked.origin ?? (await deps.resolveChart(input, call)).origin;
    return deps.validateRequest.install(input, origin, call);
  }
}

/** Fixes the chart of an upgrade; null keeps the chart that the release has when its turn comes. */
function chartOf({ request }: ApplyInput, judged: Judged | null, named: ChartOrigin | null): ChartOrigin | null {
  const isSettled = Boolean(request.chartVersion) || Boolean(request.repoName);
  return named ?? (isSettled ? (judged?.origin ?? null) : null);
}

function askedOf(verb: string, input: ApplyInput): JsonValue {
  const { options: _, archive, ...rest } = input;
  return JSON.parse(JSON.stringify({ ...rest, verb, archive: archive?.digest })) as JsonValue;
}

function settled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') {
    throw result.reason;
  }
  return result.value;
}

function refuseOther(
  choice: ApplyChoice,
  { namespace, options }: ApplyInput,
  name: string,
  history: readonly SeenRevision[],
) {
  const isNew = appliedRevision(history) === undefined;
  if (choice.do === 'install' ? isNew : choice.do === 'upgrade' && choice.known) {
    refuseOtherRevision({ namespace, release: name }, options.expectedRevision, history);
  }
}

function orderOf(
  choice: Exclude<ApplyChoice, { do: 'refuse' }>,
  input: ApplyInput,
  judged: Judged | null,
  named: ChartOrigin | null,
): TaskOrder {
  const { request, createNamespace, crds, waitReady, allowMissing, membership } = input;
  const { wait, forceConflicts, upsert, recreate, hooks } = input;
  const terms = {
    request,
    createNamespace,
    crds,
    waitReady,
    allowMissing,
    ...(membership && { membership }),
    ...(wait === true && { wait }),
    ...(forceConflicts === true && { forceConflicts }),
    ...(upsert === true && { upsert }),
    ...(recreate !== undefined && { recreate }),
    ...(hooks === false && { disableHooks: true }),
  };
  const origin = judged?.origin ?? named;
  if (choice.do === 'install' && origin !== null) {
    return { ...terms, kind: 'install', origin };
  }
  return { ...terms, kind: 'upgrade', origin: chartOf(input, judged, named) };
}
