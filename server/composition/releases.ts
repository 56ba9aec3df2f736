import type { Logger } from 'pino';
import { createAutomationParts } from './automation.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import { rolloutBegan } from '../domain/rollout/rollout-begin.ts';
import { createOperationTime } from '../domain/tasks/operation-time.ts';
import { createPreviewServices } from './previews.ts';
import { memoryUnitOf } from '../config/memory-unit.ts';
import type { ChartFolder } from '../ports/helm/chart-folder.ts';
import type { ChartRepository } from '../ports/helm/chart-repositories.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { Threads } from '../ports/runtime/threads.ts';
import {
  findSecretsJob,
  hideLayersJob,
  hideRecordedJob,
  hideShippedJob,
  runPluginsJob,
} from '../services/jobs/job-kinds.ts';
import { createPlacedJob } from '../services/jobs/placed-job.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import { createLifecycleExecutors, createLifecycleServices } from './lifecycle.ts';
import { createPropagationParts } from './propagation.ts';
import { createProjectExecutors, createProjectServices } from './projects.ts';
import { createArchiveCollection } from '../reconcilers/tasks/archive-collection.ts';
import { createHousekeeping } from '../reconcilers/tasks/housekeeping.ts';
import type { LiveView } from '../reconcilers/releases/live-view.ts';
import type { ReleaseStatuses } from '../reconcilers/releases/release-statuses.ts';
import { createRolloutWatch } from '../reconcilers/releases/rollout-watch.ts';
import { createTaskRunner } from '../reconcilers/tasks/task-runner.ts';
import type { Authorization } from '../services/access/authorization.ts';
import { createChartFacts } from '../services/charts/chart-facts.ts';
import { createCollectArchives, createDropArchive, YOUNG_ARCHIVE_MS } from '../services/charts/collect-archives.ts';
import { createKeepArchive, createRestoreArchive } from '../services/charts/keep-archive.ts';
import { createResolveChart } from '../services/charts/resolve-chart.ts';
import { createAcceptChange } from '../services/releases/accept/accept-change.ts';
import { createApplyRelease } from '../services/releases/accept/apply-release.ts';
import { createAwaitReady } from '../services/releases/execute/await-ready.ts';
import { createHandleFailedRollout } from '../services/releases/accept/handle-failed-rollout.ts';
import { createAwaitOutcome } from '../services/tasks/await-outcome.ts';
import { createAwaitProviders } from '../services/dependencies/await-providers.ts';
import { createAwaitCacheCatchUp } from '../services/tasks/await-cache-catch-up.ts';
import { createAwaitUnlock } from '../services/releases/execute/await-unlock.ts';
import { createCompareDryRun } from '../services/releases/preview/compare-dry-run.ts';
import { createCleanFailedInstall } from '../services/releases/execute/clean-failed-install.ts';
import { createBuildRelease } from '../services/releases/compose/build-release.ts';
import { createDeleteRelease } from '../services/releases/accept/delete-release.ts';
import { createDescribeDependencies } from '../services/dependencies/describe-dependencies.ts';
import { createDryRunRelease } from '../services/releases/preview/dry-run-release.ts';
import { createEstimateResources } from '../services/releases/preview/estimate-resources.ts';
import { createFindChart } from '../services/charts/find-chart.ts';
import { createFindManaged } from '../services/releases/observe/find-managed.ts';
import { createFindDeployed } from '../services/releases/observe/find-deployed.ts';
import { createInjectDependencies } from '../services/dependencies/inject-dependencies.ts';
import { createReadProvider } from '../services/dependencies/read-provider.ts';
import { createWatchRelease } from '../services/releases/observe/release-changes.ts';
import { createRefuseDependents } from '../services/dependencies/refuse-dependents.ts';
import { createValidateRequest } from '../services/releases/accept/validate-request.ts';
import { maskFailures } from '../services/releases/execute/mask-failures.ts';
import { createMergeUpgrade } from '../services/releases/compose/merge-upgrade.ts';
import { createObserveRelease } from '../services/releases/observe/observe-release.ts';
import { createRenderDryRun } from '../services/releases/preview/render-dry-run.ts';
import { createRewriteRelease } from '../services/releases/execute/rewrite-release.ts';
import { createRunApply } from '../services/releases/execute/run-apply.ts';
import { createRollbackRelease } from '../services/releases/accept/rollback-release.ts';
import { createRunRollback } from '../services/releases/execute/run-rollback.ts';
import { createRunDelete } from '../services/releases/execute/run-delete.ts';
import { createTransformDocuments } from '../services/releases/compose/transform-documents.ts';
import { createRunInstall } from '../services/releases/execute/run-install.ts';
import { createPreviewDependents } from '../services/releases/preview/preview-dependents.ts';
import { createUndoCancelled } from '../services/releases/execute/undo-cancelled.ts';
import { createRunUpgrade } from '../services/releases/execute/run-upgrade.ts';
import { createFindRepeated } from '../services/tasks/find-repeated.ts';
import type { ApplyInput } from '../services/tasks/release-mutation.ts';
import { createCancelProject } from '../services/projects/cancel-project.ts';
import { createCancelTask } from '../services/tasks/cancel-task.ts';
import { createTaskPlaces } from '../services/tasks/task-places.ts';
import { createSubmitTask } from '../services/tasks/submit-task.ts';
import { createWaitForTask } from '../services/tasks/wait-for-task.ts';

/** What changing releases needs from the rest of the server. */
export interface ReleasePartsDeps {
  readonly config: Pick<
    Config,
    | 'auth'
    | 'automation'
    | 'compatibility'
    | 'history'
    | 'limits'
    | 'kubernetes'
    | 'metaInfo'
    | 'operationTimeoutSec'
    | 'pauseDaemonSets'
    | 'plugins'
    | 'rolloutDeadlineSec'
    | 'shutdownSec'
    | 'tasks'
  >;
  readonly engine: HelmEngine;
  readonly cluster: Pick<
    Cluster,
    | 'archives'
    | 'claims'
    | 'credentials'
    | 'digestKey'
    | 'leadership'
    | 'limits'
    | 'live'
    | 'namespaces'
    | 'secretChanges'
    | 'secrets'
    | 'tasks'
    | 'rolloutMarks'
    | 'workloads'
  >;
  readonly cache: ReleaseCache;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly authorization: Authorization;
  readonly liveView: Pick<LiveView, 'observe'>;
  readonly statuses: Pick<ReleaseStatuses, 'subscribe'>;
  readonly repositories: readonly ChartRepository[];
  readonly chartFolder: ChartFolder;
  readonly random: () => number;
  readonly newId: () => string;
  readonly metrics: Metrics;
  readonly threads: Pick<Threads, 'run'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Part of the time for shutting down in which running tasks may finish; the rest is for handing them back. */
const GRACE = 0.6;

/** Puts together everything that changes releases: what accepts changes, and what carries them out. */
export function createReleaseParts(deps: ReleasePartsDeps) {
  const { config, engine, cluster, cache, complete, authorization, liveView, threads, clock, log } = deps;
  const { tasks: store, leadership, archives, claims, live, namespaces, workloads } = cluster;
  const operationTime = createOperationTime(config.operationTimeoutSec * 1000);

  const stagingNamespace = config.kubernetes.systemNamespace;
  const keeping = { folder: deps.chartFolder, archives, stagingNamespace };
  const collecting = { archives, stagingNamespace, store, clock };
  const charts = {
    resolveChart: createResolveChart({ ...deps, credentials: cluster.credentials }),
    chartFacts: createChartFacts({ engine }),
    keepArchive: createKeepArchive(keeping),
    restoreArchive: createRestoreArchive(keeping),
    dropArchive: createDropArchive(collecting),
  };
  const findDeployed = createFindDeployed({ cache });
  const automation = createAutomationParts({ ...deps, findDeployed });
  const readProvider = createReadProvider({ ...deps, ...cluster, ...automation, findDeployed });
  const isOriginal = config.compatibility === 'original';
  const injectDependencies = createInjectDependencies({
    cache,
    readProvider,
    authorization,
    refuseUnknown: isOriginal,
  });
  const watchRelease = createWatchRelease({ statuses: deps.statuses, store });
  const findChart = createFindChart({ ...charts, engine });
  const maxHistory = config.history.max;
  const shared = {
    ...charts,
    engine,
    namespaces,
    live,
    workloads,
    liveView,
    operationTime,
    memoryUnit: memoryUnitOf(config),
    injectDependencies,
    awaitProviders: createAwaitProviders({ findDeployed, store, live, watchRelease, clock }),
    buildRelease: createBuildRelease({
      injectDependencies,
      transformDocuments: createTransformDocuments({
        live,
        pauseDaemonSets: config.pauseDaemonSets,
        metadataDomains: config.plugins.metadataDomains,
        clock,
        runPlugins: createPlacedJob(threads, runPluginsJob),
      }),
      hideLayers: createPlacedJob(threads, hideLayersJob),
      hideShipped: createPlacedJob(threads, hideShippedJob),
    }),
    hideRecorded: createPlacedJob(threads, hideRecordedJob),
    findSecrets: createPlacedJob(threads, findSecretsJob),
    guard: automation.guard,
    observeRelease: createObserveRelease({ engine }),
    findManaged: createFindManaged({ engine }),
    ignoreUnknownPlugins: isOriginal,
    mergeUpgrade: createMergeUpgrade({ ...charts, findChart, ignoreUnknownPlugins: isOriginal }),
    awaitUnlock: createAwaitUnlock({ engine, tasks: store, clock, foreignLockMs: config.tasks.foreignLockSec * 1000 }),
  };
  const cleanFailedInstall = createCleanFailedInstall(shared);
  const runApply = createRunApply({
    runInstall: createRunInstall({ ...shared, tasks: store, cleanFailedInstall }),
    runUpgrade: createRunUpgrade({
      ...shared,
      maxHistory,
      rewriteRelease: createRewriteRelease({ ...shared, maxHistory }),
    }),
    awaitReady: createAwaitReady({ cache, live, watchRelease, clock }),
    operationTime,
  });
  const waitForTask = createWaitForTask({ store, clock });
  const runner = createTaskRunner({
    complete,
    store,
    leadership,
    clock,
    authorize: (task) => authorization.demandTask(task, true),
    executors: maskFailures(
      {
        install: runApply,
        upgrade: runApply,
        delete: createRunDelete({ ...shared, claims }),
        rollback: createRunRollback({
          ...shared,
          findChart,
          maxHistory,
          pauseDaemonSets: config.pauseDaemonSets,
        }),
        ...createProjectExecutors({ cache, store, clock }),
        ...createLifecycleExecutors({
          ...shared,
          cache,
          clock,
          maxHistory,
          pauseDaemonSets: config.pauseDaemonSets,
        }),
      },
      { cache },
    ),
    undoCancelled: createUndoCancelled({
      ...shared,
      cleanFailedInstall,
      cancelProject: createCancelProject({ store, cancelTask: createCancelTask({ store, clock, waitForTask }) }),
    }),
    parallel: config.tasks.parallel,
    graceMs: config.shutdownSec * 1000 * GRACE,
    onError: ({ id, namespace, release, requestId }, error) =>
      log.error({ taskId: id, release: `${namespace}/${release}`, requestId, err: error }, 'task failed unexpectedly'),
  });
  const clearing = {
    leadership,
    clock,
    random: deps.random,
    collectArchives: createCollectArchives({ ...collecting, ...automation }),
    onError: (error: unknown) => log.warn({ part: 'clearing', err: error }, 'cleanup incomplete, will retry'),
  };
  const housekeeping = createHousekeeping({ ...clearing, store, cache, retentionMs: config.tasks.retentionSec * 1000 });
  const archiveCollection = createArchiveCollection({ ...clearing, cache, delayMs: YOUNG_ARCHIVE_MS });
  const accepting = {
    ...shared,
    store,
    authorization,
    submitTask: createSubmitTask({
      store,
      starter: runner,
      authorization,
      places: createTaskPlaces({
        store,
        perNamespace: config.limits.tasksPerNamespace,
        perCaller: config.limits.tasksPerCaller,
      }),
      clock,
      systemNamespace: stagingNamespace,
      newId: deps.newId,
    }),
    awaitOutcome: createAwaitOutcome({ waitForTask, awaitCacheCatchUp: createAwaitCacheCatchUp({ cache, clock }) }),
  };
  const applyRelease = createApplyRelease({
    ...accepting,
    stagingNamespace,
    findRepeated: createFindRepeated({ store }),
    validateRequest: createValidateRequest({ ...shared, store }),
  });
  const renderDryRun = createRenderDryRun({
    ...shared,
    authorization,
  });
  const dryRunning = { renderDryRun, previewDependents: createPreviewDependents({ ...cluster, cache, authorization }) };

  const acceptChange = createAcceptChange(accepting);
  const dependencyInjection = createPropagationParts({
    ...deps,
    ...cluster,
    ...automation,
    readProvider,
  });
  const rolloutWatch = createRolloutWatch({
    complete,
    cache,
    live,
    marks: cluster.rolloutMarks,
    workloads,
    leadership,
    rolloutBegan: async (record, signal) => {
      const { namespace, name } = record;
      return rolloutBegan(await engine.releaseHistory({ identity: null, namespace, name }, { signal }), record);
    },
    handleFailedRollout: createHandleFailedRollout({ ...automation, engine, acceptChange }),
    judge: (release) => automation.judgeAutomation({ release }),
    denials: automation.denials,
    clock,
    random: deps.random,
    deadlineMs: config.rolloutDeadlineSec * 1000,
    onError: (key, error) => log.warn({ release: key, err: error }, 'rollout watch failed, will retry'),
  });
  const refuseDependents = createRefuseDependents({ cache, authorization, isGuarding: !isOriginal });
  const deleteRelease = createDeleteRelease({ acceptChange, refuseDependents });

  return {
    services: {
      installRelease: (input: ApplyInput, signal: AbortSignal) => applyRelease('install', input, signal),
      upgradeRelease: (input: ApplyInput, signal: AbortSignal) => applyRelease('upgrade', input, signal),
      deleteRelease,
      rollbackRelease: createRollbackRelease({ ...accepting, acceptChange }),
      ...createLifecycleServices({ acceptChange, authorization, cache, store, refuseDependents, deleteRelease }),
      ...createPreviewServices({
        ...shared,
        authorization,
        cache,
        claims,
        live,
        refuseDependents,
        pauseDaemonSets: config.pauseDaemonSets,
      }),
      dryRunRelease: createDryRunRelease({ ...dryRunning, clock }),
      compareDryRun: createCompareDryRun(dryRunning),
      estimateResources: createEstimateResources({ ...keeping, renderDryRun, engine, limits: cluster.limits }),
    },
    projects: createProjectServices({
      ...accepting,
      cache,
      live,
      clock,
      refuseDependents,
      commonValuesWin: isOriginal,
    }),
    restoreArchive: charts.restoreArchive,
    describeDependencies: createDescribeDependencies({
      readProvider,
      whyNotCurrent: dependencyInjection.whyNotCurrent,
      denied: automation.denied,
    }),
    notAllowed: automation.notAllowed,
    /** Dependents that are to be looked at. */
    dependencyDepth: () => dependencyInjection.depth(),
    /** Carries out accepted tasks while this replica leads, until `signal` is aborted. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.all([
        runner.run(signal),
        rolloutWatch.run(signal),
        housekeeping.run(signal),
        archiveCollection.run(signal),
        dependencyInjection.run(signal),
      ]);
    },
  };
}
