import type { Adapters } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import type { ChartRepository, RepositoriesNow } from '../ports/helm/chart-repositories.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import { createKnownRepositories } from '../services/charts/known-repositories.ts';
import { createNewerVersions, type NewerVersions } from '../services/charts/newer-versions.ts';

/** Where charts come from. */
export interface ChartSources {
  /** The repositories of the configuration. */
  readonly configured: readonly ChartRepository[];
  /** These, and those that were added at run time. */
  readonly repositories: RepositoriesNow;
  readonly newerVersions: NewerVersions;
}

export interface ChartSourcesDeps {
  readonly adapters: Pick<Adapters, 'repositories'>;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'repositories'>;
  readonly config: Config;
  readonly engine: HelmEngine;
}

/** Reads the repositories of the configuration; rejects with what is wrong with them. */
export async function createChartSources(deps: ChartSourcesDeps): Promise<ChartSources> {
  const { adapters, cache, cluster, config, engine } = deps;
  const configured = await adapters.repositories(config);
  const repositories = createKnownRepositories(configured, cluster.repositories);
  return { configured, repositories, newerVersions: createNewerVersions({ repositories, engine, cache }) };
}
