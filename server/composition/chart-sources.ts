import type { Adapters } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import type { ChartRepository, RepositoriesNow } from '../ports/helm/chart-repositories.ts';
import { createKnownRepositories } from '../services/charts/known-repositories.ts';

/** Where charts come from. */
export interface ChartSources {
  /** The repositories of the configuration. */
  readonly configured: readonly ChartRepository[];
  /** These, and those that were added at run time. */
  readonly repositories: RepositoriesNow;
}

export interface ChartSourcesDeps {
  readonly adapters: Pick<Adapters, 'repositories'>;
  readonly cluster: Pick<Cluster, 'repositories'>;
  readonly config: Config;
}

/** Reads the repositories of the configuration; rejects with what is wrong with them. */
export async function createChartSources({ adapters, cluster, config }: ChartSourcesDeps): Promise<ChartSources> {
  const configured = await adapters.repositories(config);
  return { configured, repositories: createKnownRepositories(configured, cluster.repositories) };
}
