import type { Cluster } from '../adapters/cluster.ts';
import { type AutomationParts, createAutomation } from './automation.ts';
import { type Charts, createCharts } from './charts.ts';
import { createDependencies, type Dependencies } from './dependencies.ts';
import type { Jobs } from './jobs.ts';
import { createRevisions, type Revisions } from './revisions.ts';
import type { Config } from '../../config/config-options.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { LiveView } from '../../reconcilers/releases/live-view.ts';
import type { ReleaseStatuses } from '../../reconcilers/releases/release-statuses.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import type { NewerVersions } from '../../services/charts/newer-versions.ts';
import { createCurrentReleases, type CurrentReleases } from '../../services/releases/observe/current-releases.ts';
import { createFindDeployed } from '../../services/releases/observe/find-deployed.ts';
import { createWatchRelease, type WatchRelease } from '../../services/releases/observe/watch-release.ts';

/** What accepting and carrying out changes have in common. */
export interface Knowledge {
  readonly automation: AutomationParts;
  readonly charts: Charts;
  readonly current: CurrentReleases;
  readonly dependencies: Dependencies;
  readonly watchRelease: WatchRelease;
  readonly revisions: Revisions;
}

export interface KnowledgeDeps {
  readonly config: Pick<Config, 'auth' | 'automation' | 'compatibility' | 'kubernetes' | 'pauseDaemonSets' | 'plugins'>;
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly cluster: Cluster;
  readonly engine: HelmEngine;
  readonly folder: ChartFolder;
  readonly jobs: Jobs;
  readonly liveView: Pick<LiveView, 'readRecord'>;
  readonly metrics: Metrics;
  readonly newerVersions: NewerVersions;
  readonly repositories: RepositoriesNow;
  readonly statuses: Pick<ReleaseStatuses, 'subscribe'>;
  readonly clock: Clock;
}

export function createKnowledge(deps: KnowledgeDeps): Knowledge {
  const { config, authorization, cache, cluster, engine, folder, jobs, metrics, statuses, clock } = deps;
  const { newerVersions, repositories } = deps;
  const { systemNamespace } = config.kubernetes;
  const isOriginal = config.compatibility === 'original';
  const { readRecord } = deps.liveView;
  const current = createCurrentReleases({ cache, records: cluster.records, readRecord });
  const findDeployed = createFindDeployed({ cache });
  const watchRelease = createWatchRelease({ statuses, store: cluster.tasks });
  const automation = createAutomation({ config, authorization, cache, findDeployed, metrics, clock });
  const charts = createCharts({ cluster, engine, folder, newerVersions, repositories, systemNamespace, clock });
  const dependencies = createDependencies({
    authorization,
    cache,
    current,
    cluster,
    engine,
    findDeployed,
    readerOf: automation.readerOf,
    watchRelease,
    isOriginal,
    clock,
  });
  const revisions = createRevisions({
    config,
    charts,
    current,
    engine,
    injectDependencies: dependencies.injectDependencies,
    jobs,
    live: cluster.live,
    isOriginal,
    clock,
    tasks: cluster.tasks,
  });
  return { automation, charts, current, dependencies, watchRelease, revisions };
}
