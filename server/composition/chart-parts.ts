import { createChartDetailHandlers } from '../api/handlers/chart-detail-handlers.ts';
import { createChartHandlers } from '../api/handlers/chart-handlers.ts';
import type { MemoryUnit } from '../domain/metainfo/memory-unit.ts';
import type { ChartFolder } from '../ports/helm/chart-folder.ts';
import type { ChartRepository } from '../ports/helm/chart-repositories.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import { createListCharts } from '../services/charts/list-charts.ts';
import { createListRepositories } from '../services/charts/list-repositories.ts';
import { createRepositoryChecks } from '../services/charts/repository-checks.ts';
import type { ResolveChart } from '../services/charts/resolve-chart.ts';
import { createSearchCharts } from '../services/charts/search-charts.ts';
import { createShowChart } from '../services/charts/show-chart.ts';

export interface ChartPartsDeps {
  readonly cache: ReleaseCache;
  readonly engine: HelmEngine;
  readonly folder: ChartFolder;
  readonly memoryUnit: MemoryUnit;
  readonly repositories: readonly ChartRepository[];
  readonly resolveChart: ResolveChart;
  readonly clock: Clock;
}

/** The handlers of the operations on charts and repositories. */
export function createChartParts(deps: ChartPartsDeps) {
  const { cache, engine, folder, memoryUnit, repositories, resolveChart, clock } = deps;
  const checks = createRepositoryChecks(clock);
  return {
    ...createChartHandlers({
      listRepositories: createListRepositories(repositories, checks),
      listCharts: createListCharts({ repositories, engine, checks }),
      searchCharts: createSearchCharts({ repositories, engine, checks, clock }),
    }),
    ...createChartDetailHandlers(createShowChart({ resolveChart, engine, folder, cache, memoryUnit })),
  };
}
