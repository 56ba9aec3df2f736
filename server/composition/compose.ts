import type { Logger } from 'pino';
import { createAccess } from './access.ts';
import type { Adapters } from './adapters/adapters.ts';
import { createChartSources } from './chart-sources.ts';
import { measureServer } from './measures.ts';
import { openPorts } from './ports.ts';
import { createJobs } from './releases/jobs.ts';
import { createKnowledge } from './releases/knowledge.ts';
import { createReleases } from './releases/releases.ts';
import { createServing } from './serving.ts';
import { createStart } from './start.ts';
import { createWatching } from './watching.ts';
import type { AroundWrites } from './wrappers/writes.ts';
import type { Config } from '../config/config-options.ts';
import type { Closer } from '../process/closer.ts';
import type { DataFolder } from '../process/data-folder.ts';

export interface ComposeDeps {
  readonly adapters: Adapters;
  /** What has to be closed when the server stops. */
  readonly closer: Closer;
  readonly config: Config;
  readonly folder: DataFolder;
  readonly version: string;
  readonly writes: AroundWrites | undefined;
  readonly log: Logger;
}

/** Assembles the areas; resolves with the function that starts them. */
export async function compose(deps: ComposeDeps): Promise<() => Promise<string>> {
  const { adapters, closer, config, folder, version, writes, log } = deps;
  const { clock, newId, random } = adapters;
  const ports = openPorts({ adapters, closer, config, folder, writes, log });
  const { cache, cluster, engine, metrics, ring, threads } = ports;
  const sources = await createChartSources({ adapters, cache, cluster, config, engine });
  const jobs = createJobs(threads);
  const watching = await createWatching({
    adapters,
    cache,
    closer,
    cluster,
    config,
    engine,
    jobs,
    metrics,
    ring,
    version,
    log,
  });
  const { complete, liveView } = watching;
  const access = createAccess({ config, cluster, clock, key: adapters.secret(32) });
  const { authorization } = access;
  const charts = adapters.chartFolder(folder.chartFolder);
  const knowledge = createKnowledge({
    config,
    authorization,
    cache,
    cluster,
    engine,
    folder: charts,
    jobs,
    liveView,
    metrics,
    ...sources,
    statuses: watching.events.statuses,
    clock,
  });
  const releases = createReleases({
    config,
    authorization,
    cache,
    cluster,
    complete,
    engine,
    folder: charts,
    jobs,
    knowledge,
    liveView,
    metrics,
    statuses: watching.events.statuses,
    random,
    newId,
    clock,
    log,
  });
  const stopping = new AbortController();
  const { http, status } = await createServing({
    access,
    adapters,
    cache,
    charts,
    cluster,
    config,
    engine,
    folder,
    metrics,
    releases,
    resolveChart: knowledge.charts.resolveChart,
    ...sources,
    stopping: stopping.signal,
    threads,
    version,
    watching,
    log,
  });
  measureServer({ adapters, closer, cluster, metrics, releases, watching });
  const folders = adapters.trimFolders(config, { folder, clock, log });
  return createStart({
    closer,
    cluster,
    folders,
    http,
    listen: () => adapters.listen(http, config),
    releases,
    status,
    stopping,
    watching,
    log,
  });
}
