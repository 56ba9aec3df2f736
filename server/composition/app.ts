import type { Logger } from 'pino';
import { openApiDocument } from '../../contract/openapi-document.ts';
import { createMemoryReleaseCache } from '../adapters/memory/release-cache.ts';
import { createBulkHandlers } from '../api/handlers/bulk-handlers.ts';
import { createChartHandlers } from '../api/handlers/chart-handlers.ts';
import { createDependencyHandlers } from '../api/handlers/dependency-handlers.ts';
import { defineHandlers } from '../api/handlers/handler.ts';
import { createCheckHandlers } from '../api/handlers/check-handlers.ts';
import { createHistoryHandlers } from '../api/handlers/history-handlers.ts';
import { createRollbackHandlers } from '../api/handlers/rollback-handlers.ts';
import { createLifecycleHandlers } from '../api/handlers/lifecycle-handlers.ts';
import { createPluginHandlers } from '../api/handlers/plugin-handlers.ts';
import { createProjectHandlers } from '../api/handlers/project-handlers.ts';
import { originalMode } from '../api/problems/original-mode.ts';
import { createReleaseHandlers } from '../api/handlers/release-handlers.ts';
import { createSystemHandlers } from '../api/handlers/system-handlers.ts';
import { createTaskHandlers } from '../api/handlers/task-handlers.ts';
import { createTotalsHandlers } from '../api/handlers/totals-handlers.ts';
import { createCloser, type Closer } from '../process/closer.ts';
import { createAccessParts } from './access.ts';
import { createCacheParts } from './mirror.ts';
import type { Adapters } from './adapters/adapters.ts';
import type { Overrides } from './overrides.ts';
import { productAdapters } from './adapters/product.ts';
import type { Config } from '../config/config-options.ts';
import type { DataFolder } from '../process/data-folder.ts';
import { countReady } from '../domain/answers/count-ready.ts';
import { problem } from '../domain/errors/problem-error.ts';
import { createEventHandlers } from '../api/handlers/event-handlers.ts';
import { createEventParts } from './events.ts';
import { connectionsPerAddress, createIntakeParts } from './intake.ts';
import { createHistoryParts } from './history.ts';
import { findSecretsJob } from '../services/jobs/job-kinds.ts';
import { createPlacedJob } from '../services/jobs/placed-job.ts';
import { createMaskManifests } from '../services/history/mask-manifests.ts';
import { createGate } from './wrappers/gate.ts';
import { sleep } from '../ports/runtime/clock.ts';
import type { AroundWrites } from './wrappers/writes.ts';
import { createAuditLog } from './wrappers/audit-log.ts';
import type { SharedCache } from '../ports/storage/shared-cache.ts';
import { measureEngine } from './wrappers/measured-engine.ts';
import { measureTasks } from './wrappers/measured-tasks.ts';
import { measureCache, measureQueues, measureWatches } from './wrappers/measured-view.ts';
import { createLiveView } from '../reconcilers/releases/live-view.ts';
import { memoryUnitOf } from '../config/memory-unit.ts';
import { createReleaseParts } from './releases.ts';
import { createCheckArchive } from '../services/charts/check-archive.ts';
import { createListCharts } from '../services/charts/list-charts.ts';
import { createListRepositories } from '../services/charts/list-repositories.ts';
import { listPlugins } from '../services/plugins/list-plugins.ts';
import { createGetDependencies } from '../services/dependencies/get-dependencies.ts';
import { createFindSeenObjects } from '../services/access/seen-objects.ts';
import { createGetRelease } from '../services/releases/query/get-release.ts';
import { createListReleases } from '../services/releases/query/list-releases.ts';
import { createCancelTask } from '../services/tasks/cancel-task.ts';
import { createGetTask } from '../services/tasks/get-task.ts';
import { createListTasks } from '../services/tasks/list-tasks.ts';
import { createUnsealedCount } from '../services/trust/unsealed-count.ts';
import { auditTasks } from '../services/system/audit-tasks.ts';
import { createServerStatusTeller } from '../services/system/get-server-status.ts';
import { createTrust } from './trust.ts';
import { createViewReadiness } from './view-readiness.ts';
import { createWaitForTask } from '../services/tasks/wait-for-task.ts';

/** The whole server. */
export interface App {
  /** Starts everything; resolves with the address once requests are answered, ready or not. */
  start(): Promise<string>;
  /** Stops everything in reverse order within `shutdownSec`; resolves with the parts that did not stop. */
  stop(): Promise<string[]>;
}

/** What the server is made with beside its configuration. */
export interface AppContext {
  /** The server's folders; given back when the server has stopped. */
  readonly folder: DataFolder;
  readonly log: Logger;
  readonly version: string;
}

/**
 * Puts the server together: the one place that knows every part. What `overrides` names takes the place of the adapters. Starts the engine; the rest waits for `start`.
 * Throws, with everything stopped again, when the configuration names something that cannot be used.
 */
export async function createApp(config: Config, context: AppContext, overrides: Overrides = {}): Promise<App> {
  const { writes, ...replaced } = overrides;
  const adapters = { ...productAdapters, ...replaced };
  const closer = createCloser({ log: context.log, delay: (ms) => sleep(adapters.clock, ms) });
  closer.push('data folder', () => context.folder.close());
  try {
    return await compose(config, context, adapters, writes, closer);
  } catch (error) {
    await closer.close(config.shutdownSec * 1000);
    throw error;
  }
}

async function compose(
  config: Config,
  context: AppContext,
  adapters: Adapters,
  writes: AroundWrites | undefined,
  closer: Closer,
): Promise<App> {
  const { folder, log, version } = context;
  const { clock, random, newId } = adapters;
  const metrics = adapters.metrics();
  const repositories = await adapters.repositories(config);
  const sources = adapters.sealSources(config, { clock, secret: adapters.secret });
  closer.push('seals', () => sources.close());
  const trust = createTrust({ sources, clock, log });
  const threads = adapters.threads(config, clock);
  closer.push('threads', () => threads.close());
  metrics.gauge('walm_thread_jobs_waiting', 'Jobs that wait for a thread.', () => threads.waiting());
  const maskManifests = createMaskManifests(threads);
  const helmEngine = adapters.helm({ config, folder, seals: trust.records, clock, log });
  closer.push('engine', () => helmEngine.stop());
  const measured = measureEngine(helmEngine, metrics);

  const unfenced = adapters.cluster({
    config,
    instanceId: folder.instanceId,
    engine: measured,
    taskSeal: trust.tasks,
    readKeys: () => trust.ring.record(),
    clock,
    random,
    secret: adapters.secret,
    log,
  });
  closer.push('cluster connections', () => unfenced.close());
  const { leadership } = unfenced;
  const gate = createGate({ leadership, recordSeals: trust.records, taskSeal: trust.tasks, around: writes });
  leadership.onRenewed((term) => measured.renewTerm(term));
  const engine = gate.helm(measured);
  const cluster = gate.cluster(unfenced);
  const { live, tasks } = cluster;
  const cache = measureCache(createMemoryReleaseCache(), metrics);
  const shown = metrics.histogram(
    'walm_view_delay_seconds',
    "Time from hearing of a change of a release's records until it is shown.",
    [],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15],
  );
  const maker = `${version} ${memoryUnitOf(config)}`;
  const shared = createCacheParts({
    config,
    shared: openSharedCache(adapters, config, log),
    cluster,
    ring: trust.ring,
    engine,
    cache,
    maskManifests,
    maker,
    metrics,
    clock,
    log,
  });
  closer.push('shared cache', () => shared.close());
  const liveView = createLiveView({
    ...(shared.findShared && { findShared: shared.findShared }),
    engine,
    records: cluster.records,
    live,
    cache,
    clock,
    memoryUnit: memoryUnitOf(config),
    random,
    isBusy: (key) => leadership.isLeader() && tasks.unfinishedOf(key).length > 0,
    onError: (key, error) => log.warn({ release: key, err: error }, 'reading the release failed, will retry'),
    onShown: (seconds) => shown.observe({}, seconds),
  });
  const complete = Promise.all([liveView.synced, cluster.live.synced, tasks.synced()]);
  const events = createEventParts({
    config,
    cluster,
    cache,
    complete,
    bus: adapters.eventBus(config, clock),
    random,
    streamName: adapters.secret(6).toString('hex'),
    metrics,
    clock,
    log,
  });
  closer.push('event bus', () => events.close());
  const { statuses } = events;
  const access = createAccessParts({ config, reviews: cluster.accessReviews, tasks, clock, key: adapters.secret(32) });
  const releases = createReleaseParts({
    config,
    engine,
    cluster,
    cache,
    complete,
    authorization: access.authorization,
    liveView,
    statuses,
    repositories,
    chartFolder: adapters.chartFolder(folder.chartFolder),
    random,
    newId,
    metrics,
    threads,
    clock,
    log,
  });

  const { describeDependencies } = releases;
  const view = createViewReadiness({ cluster, engine, liveView, clock });
  const findSeen = createFindSeenObjects({ authorization: access.authorization, engine, clock });
  const reading = { cache, live, tasks, clock, isStale: view.stale, findSeen };
  const history = createHistoryParts({
    engine,
    maskManifests,
    findSecrets: createPlacedJob(threads, findSecretsJob),
    restoreArchive: releases.restoreArchive,
  });
  const audit = createAuditLog(log, adapters.auditFile(config), clock);
  auditTasks({ store: tasks, leadership, audit, clock });
  const unsealed = createUnsealedCount(cache);
  const serverStatus = createServerStatusTeller({
    version,
    instanceId: folder.instanceId,
    parts: [...view.parts.map(({ name, waitsFor }) => ({ name, look: waitsFor })), ...shared.parts, ...events.parts],
    watches: cluster.watches,
    stale: view.stale,
    releases: () => ({ ...countReady(events.statuses.all()), unsealed: unsealed.count() }),
    engine,
    leadership,
    tasks,
    clock,
  });
  const folders = adapters.trimFolders(config, { folder, clock, log });
  const document = openApiDocument(version);
  const stopping = new AbortController();
  const http = await adapters.http({
    handlers: defineHandlers({
      ...createReleaseHandlers({
        ...releases.services,
        getRelease: createGetRelease({ ...reading, describeDependencies, notAllowed: releases.notAllowed }),
        listReleases: createListReleases({ ...reading, statuses }),
      }),
      ...createLifecycleHandlers(releases.services),
      ...createBulkHandlers(releases.services),
      ...createChartHandlers({
        listRepositories: createListRepositories(repositories),
        listCharts: createListCharts({ repositories, engine }),
      }),
      ...createHistoryHandlers(history),
      ...createCheckHandlers({ ...history, ...releases.services }),
      ...createRollbackHandlers(releases.services),
      ...createTotalsHandlers(releases.services),
      ...createProjectHandlers(releases.projects),
      ...createDependencyHandlers({ getDependencies: createGetDependencies({ cache, describeDependencies }) }),
      ...createPluginHandlers({ listPlugins }),
      ...createTaskHandlers({
        getTask: createGetTask({ store: tasks, authorization: access.authorization }),
        listTasks: createListTasks({ store: tasks }),
        cancelTask: createCancelTask({ store: tasks, clock, waitForTask: createWaitForTask({ store: tasks, clock }) }),
      }),
      ...createEventHandlers(events),
      ...createSystemHandlers({
        parts: view.parts,
        serverStatus: () => serverStatus.tell(),
        renderMetrics: () => metrics.render(),
        document,
      }),
    }),
    reading: {
      chartFolder: folder.chartFolder,
      archiveBytes: config.limits.archiveBytes,
      bodyBytes: config.limits.bodyBytes,
      jsonDepth: config.limits.jsonDepth,
      jsonValues: config.limits.jsonValues,
      ...createIntakeParts({ config, threads, clock }),
      checkChart: createCheckArchive({ engine }),
      access,
      starting: view.starting,
      hasSomething: view.hasSomething,
      watchNamespaces: config.watchNamespaces,
      systemNamespace: config.kubernetes.systemNamespace,
      audit,
      stopping: stopping.signal,
      ...(config.compatibility === 'original' && { original: originalMode }),
    },
    document,
    log,
    metrics,
    options: { ...config.http, connectionsPerAddress: connectionsPerAddress(config) },
  });
  const delay = adapters.eventLoopDelay(clock);
  closer.push('event loop', async () => delay.stop());
  metrics.gaugeBy(
    'walm_event_loop_delay_seconds',
    'How long callbacks waited for the event loop in the last minute.',
    'quantile',
    () => delay.quantiles(),
  );
  measureTasks(tasks, metrics, clock);
  measureWatches(cluster.watches, metrics, clock);
  measureQueues(
    {
      releases: () => liveView.depth(),
      statuses: () => events.statuses.depth(),
      dependencies: releases.dependencyDepth,
      tasks: () => tasks.unfinished().length,
      events: events.pending,
    },
    metrics,
  );
  metrics.gauge('walm_leading', '1 while this replica changes releases.', () => Number(leadership.isLeader()));

  return {
    async start() {
      const address = await adapters.listen(http, config);
      let closing: Promise<unknown> = Promise.resolve();
      closer.push('requests', async () => void (await closing));
      closer.push('waiting callers', () =>
        stopping.abort(problem('SHUTTING_DOWN', 'the server is shutting down; what it has accepted carries on')),
      );
      pushLoop('cluster view', async (signal) => {
        await cluster.prepare(signal);
        await Promise.all([cluster.run(signal), liveView.run(signal)]);
      });
      pushLoop('folders', (signal) => folders.run(signal));
      pushLoop('status', (signal) => serverStatus.run(signal));
      pushLoop('shared cache', (signal) => shared.run(liveView, signal));
      pushLoop('events', (signal) => events.run(signal));
      pushLoop('tasks', (signal) => releases.run(signal));
      // New connections are refused from then on; requests that are being answered go on.
      closer.push('listener', () => {
        closing = http.close();
      });
      return address;
    },
    stop: () => closer.close(config.shutdownSec * 1000),
  };

  /** Runs a loop until the server stops, and waits for its end then. */
  function pushLoop(name: string, run: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController();
    const ended = run(abort.signal);
    ended.catch((error: unknown) => log.fatal({ part: name, err: error }, 'part of the server ended with an error'));
    closer.push(name, async () => {
      abort.abort();
      await ended;
    });
  }
}

/** Says in the log why Redis cannot be reached: each reason once. */
function openSharedCache(adapters: Adapters, config: Config, log: Logger): SharedCache | null {
  let said = '';
  const shared = adapters.sharedCache(config, ({ message }) => {
    log[message === said ? 'debug' : 'warn']({ part: 'cache', reason: message }, 'Redis cannot be reached');
    said = message;
  });
  shared?.subscribe((up) => (said = up ? '' : said));
  return shared;
}
