import { isInProgress, isNameFree, type ReleaseSighting } from '../../domain/install-plan.ts';
import { problem } from '../../domain/problem-error.ts';
import { releaseKey } from '../../domain/release-key.ts';
import { toEffectiveRequest } from '../../domain/release-request.ts';
import type { EngineCall } from '../../ports/helm-engine.ts';
import type { Namespaces } from '../../ports/namespaces.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { createResolveChart } from '../charts/resolve-chart.ts';
import type { createSubmitTask } from '../tasks/submit-task.ts';
import type { createAwaitOutcome } from './await-outcome.ts';
import type { Dependent, Injection } from './inject-dependencies.ts';
import type { createObserveRelease } from './observe-release.ts';
import { prepareRequest } from './prepare-request.ts';
import { refuseWarnings } from './refuse-warnings.ts';
import type { InstallInput, MutationOutcome } from './release-mutation.ts';
import { releaseExists } from './run-install.ts';

export type InstallReleaseDeps = {
  resolveChart: ReturnType<typeof createResolveChart>;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
  namespaces: Pick<Namespaces, 'exists'>;
  observeRelease: ReturnType<typeof createObserveRelease>;
  injectDependencies: (dependent: Dependent) => Promise<Injection>;
  keepArchive: (namespace: string, digest: string) => Promise<void>;
  store: Pick<TaskStore, 'unfinishedOf'>;
  submitTask: ReturnType<typeof createSubmitTask>;
  awaitOutcome: ReturnType<typeof createAwaitOutcome>;
};

/**
 * Accepts an install: everything that can be known to be wrong is refused before anything is written; then the task is
 * durable, and the caller waits for it or not. Throws the problems of the request, of the chart and its source,
 * NAMESPACE_NOT_FOUND, RELEASE_EXISTS, REVISION_MISMATCH, and what the task fails with.
 */
export function createInstallRelease(deps: InstallReleaseDeps) {
  return async (input: InstallInput, signal: AbortSignal): Promise<MutationOutcome> => {
    const { namespace, options, createNamespace, crds, waitReady, allowMissing } = input;
    const { name } = toEffectiveRequest(input.request, namespace);
    const call = { signal, requestId: options.requestId };
    const [resolved, exists, seen] = await inTurn([
      deps.resolveChart({ namespace, request: input.request, ...(input.archive && { archive: input.archive }) }, call),
      deps.namespaces.exists(namespace),
      deps.observeRelease({ identity: options.caller, namespace, release: name }, call),
    ]);
    if (!exists && !createNamespace) {
      throw problem(
        'NAMESPACE_NOT_FOUND',
        `namespaces "${namespace}" not found`,
        {},
        { kind: 'Namespace', name: namespace },
      );
    }
    const { digest } = resolved.chart;
    const chart = await deps.chartFacts(digest, call);
    const prepared = prepareRequest(input.request, chart);
    const { dependencies } = toEffectiveRequest(prepared.request, namespace);
    const injection = await deps.injectDependencies({
      namespace,
      name,
      dependencies,
      metainfo: chart.metainfo,
      allowMissing,
      isComing: (provider) => waitReady && deps.store.unfinishedOf(provider).length > 0,
    });
    refuseWarnings([...prepared.warnings, ...injection.warnings], options.strict);
    refuseTakenName(namespace, name, seen, options.expectedRevision, options.idempotencyKey !== undefined);
    const stored = await deps.submitTask({
      namespace,
      release: name,
      order: {
        kind: 'install',
        request: prepared.request,
        chart: { name: chart.name, appVersion: chart.appVersion, origin: resolved.origin },
        createNamespace,
        crds,
        waitReady,
        allowMissing,
      },
      warnings: [...options.warnings, ...prepared.warnings],
      options,
      seen,
      revision: (seen.history.at(-1)?.revision ?? 0) + 1,
      ...(exists && { keepArchive: () => deps.keepArchive(namespace, digest) }),
    });
    return deps.awaitOutcome(stored, options, signal);
  };

  /**
   * Refuses what would certainly fail. While earlier tasks of the release are left nobody knows how it will look, and
   * a repetition under an Idempotency-Key finds the release that the first one made: both are judged by the task.
   */
  function refuseTakenName(
    namespace: string,
    name: string,
    { history }: ReleaseSighting,
    expectedRevision: number | undefined,
    mayBeRepetition: boolean,
  ): void {
    const newest = history.at(-1);
    const undecided =
      mayBeRepetition ||
      deps.store.unfinishedOf(releaseKey(namespace, name)).length > 0 ||
      (newest !== undefined && isInProgress(newest.status));
    if (undecided) {
      return;
    }
    if (!isNameFree(history)) {
      throw releaseExists(namespace, name, newest?.revision ?? 0);
    }
    if (expectedRevision !== undefined && expectedRevision !== (newest?.revision ?? 0)) {
      throw problem(
        'REVISION_MISMATCH',
        `the release ${namespace}/${name} does not exist at revision ${expectedRevision}`,
      );
    }
  }
}

/** Waits for all, and reports the failure of the first in order: the same request always gets the same answer. */
async function inTurn<const T extends readonly Promise<unknown>[]>(
  started: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(started);
  return Promise.all(started);
}
