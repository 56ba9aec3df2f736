import { createChartDetailHandlers } from '../api/handlers/chart-detail-handlers.ts';
import { createChartHandlers } from '../api/handlers/chart-handlers.ts';
import { createRepositoryHandlers } from '../api/handlers/repository-handlers.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { MemoryUnit } from '../domain/metainfo/memory-unit.ts';
import type { ChartFolder } from '../ports/helm/chart-folder.ts';
import type { ChartRepository, RepositoriesNow } from '../ports/helm/chart-repositories.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import { createAddRepository } from '../services/charts/add-repository.ts';
import { createCheckRepository } from '../services/charts/check-repository.ts';
import { createLintChart } from '../services/charts/lint-chart.ts';
import { createListCharts } from '../services/charts/list-charts.ts';
import { createListRepositories } from '../services/charts/list-repositories.ts';
import type { NewerVersions } from '../services/charts/newer-versions.ts';
import { createRemoveRepository } from '../services/charts/remove-repository.ts';
import { createRepositoryChecks } from '../services/charts/repository-checks.ts';
import type { ResolveChart } from '../services/charts/resolve-chart.ts';
import { createSearchCharts } from '../services/charts/search-charts.ts';
import { createShowChart } from '../services/charts/show-chart.ts';

export interface ChartPartsDeps {
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'repositories'>;
  readonly engine: HelmEngine;
  readonly folder: ChartFolder;
  readonly memoryUnit: MemoryUnit;
  /** The repositories of the configuration; `repositories` are all. */
  readonly configured: readonly ChartRepository[];
  readonly repositories: RepositoriesNow;
  readonly newerVersions: NewerVersions;
  readonly resolveChart: ResolveChart;
  readonly clock: Clock;
}

/** The handlers of the operations on charts and repositories. */
export function createChartParts(deps: ChartPartsDeps) {
  const { cache, cluster, configured, engine, folder, memoryUnit, newerVersions, repositories, resolveChart, clock } =
    deps;
  const { repositories: store } = cluster;
  const checks = createRepositoryChecks(clock, newerVersions);
  return {
    ...createChartHandlers({
      listRepositories: createListRepositories(repositories, checks),
      listCharts: createListCharts({ repositories, engine, checks }),
      searchCharts: createSearchCharts({ repositories, engine, checks, clock }),
    }),
    ...createRepositoryHandlers({
      addRepository: createAddRepository({ repositories, store, engine, checks }),
      checkRepository: createCheckRepository({ repositories, engine, checks }),
      removeRepository: createRemoveRepository({ configured, store, cache }),
    }),
    ...createChartDetailHandlers({
      ...createShowChart({ resolveChart, engine, folder, cache, memoryUnit }),
      lintChart: createLintChart({ engine }),
    }),
  };
}
