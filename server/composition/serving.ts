import type { Logger } from 'pino';
import { openApiDocument } from '../../contract/openapi-document.ts';
import type { AccessParts } from '../api/routes/access-check.ts';
import type { HttpServer } from '../api/routes/http-server.ts';
import type { Adapters } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import { createHandlers } from './handlers.ts';
import { createHttp } from './http.ts';
import type { Releases } from './releases/releases.ts';
import { createSession } from './session.ts';
import { createStatus } from './status.ts';
import type { Watching } from './watching.ts';
import { createAuditLog } from './wrappers/audit-log.ts';
import { memoryUnitOf } from '../config/memory-unit.ts';
import type { Config } from '../config/config-options.ts';
import type { ChartRepository, RepositoriesNow } from '../ports/helm/chart-repositories.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { Threads } from '../ports/runtime/threads.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { ChartFolder } from '../ports/helm/chart-folder.ts';
import type { DataFolder } from '../process/data-folder.ts';
import type { NewerVersions } from '../services/charts/newer-versions.ts';
import type { ResolveChart } from '../services/charts/resolve-chart.ts';
import { auditTasks } from '../services/system/audit-tasks.ts';

export interface ServingDeps {
  readonly access: AccessParts;
  readonly adapters: Adapters;
  readonly cache: ReleaseCache;
  readonly charts: ChartFolder;
  readonly cluster: Cluster;
  readonly config: Config;
  readonly engine: HelmEngine;
  readonly folder: DataFolder;
  readonly metrics: Metrics;
  readonly resolveChart: ResolveChart;
  readonly releases: Releases;
  /** The repositories of the configuration. */
  readonly configured: readonly ChartRepository[];
  readonly newerVersions: NewerVersions;
  readonly repositories: RepositoriesNow;
  readonly stopping: AbortSignal;
  readonly threads: Threads;
  readonly version: string;
  readonly watching: Watching;
  readonly log: Logger;
}

/** Serves requests, and reports the health of the server. */
export async function createServing(
  deps: ServingDeps,
): Promise<{ http: HttpServer; status: { run(signal: AbortSignal): Promise<void> } }> {
  const { access, adapters, cache, cluster, config, engine, folder, metrics, releases, repositories } = deps;
  const { stopping, threads, version, watching, log } = deps;
  const { events, mirror, readiness } = watching;
  const { clock } = adapters;
  const { followEvents, latestEvent, listEvents, statuses } = events;
  const audit = createAuditLog(log, adapters.auditFile(config), clock);
  auditTasks({ store: cluster.tasks, leadership: cluster.leadership, audit, clock });
  const status = createStatus({
    cache,
    cluster,
    engine,
    instanceId: folder.instanceId,
    optional: [...mirror.parts, ...events.parts],
    readiness,
    statuses,
    version,
    clock,
  });
  const document = openApiDocument(version);
  const handlers = createHandlers({
    authorization: access.authorization,
    cache,
    cluster,
    config,
    configured: deps.configured,
    engine,
    folder: deps.charts,
    followEvents,
    latestEvent,
    listEvents,
    isStale: readiness.stale,
    memoryUnit: memoryUnitOf(config),
    newerVersions: deps.newerVersions,
    releases,
    repositories,
    session: createSession({ access, cluster, config, engine, version, clock }),
    resolveChart: deps.resolveChart,
    statuses,
    system: {
      parts: readiness.parts,
      serverStatus: () => status.tell(),
      renderMetrics: () => metrics.render(),
      document,
    },
    clock,
  });
  const http = await createHttp(adapters.http, {
    config,
    access,
    audit,
    charts: deps.charts,
    document,
    engine,
    handlers,
    metrics,
    readiness,
    stopping,
    threads,
    clock,
    log,
  });
  return { http, status };
}
