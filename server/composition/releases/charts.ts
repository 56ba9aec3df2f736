import type { Cluster } from '../adapters/cluster.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import type { RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { type ChartFactsOf, createChartFacts } from '../../services/charts/chart-facts.ts';
import { createDropArchive, type DropArchive } from '../../services/charts/collect-archives.ts';
import { createFindChart, type FindChart } from '../../services/charts/find-chart.ts';
import {
  createKeepArchive,
  createRestoreArchive,
  createRestoreRecorded,
  type KeepArchive,
  type RestoreArchive,
} from '../../services/charts/keep-archive.ts';
import { createKnownArchives } from '../../services/charts/known-archives.ts';
import type { NewerVersions } from '../../services/charts/newer-versions.ts';
import { createResolveChart, type ResolveChart } from '../../services/charts/resolve-chart.ts';

/** Where charts come from, and where their archives are kept. */
export interface Charts {
  readonly chartFacts: ChartFactsOf;
  readonly dropArchive: DropArchive;
  readonly findChart: FindChart;
  readonly keepArchive: KeepArchive;
  readonly resolveChart: ResolveChart;
  readonly restoreArchive: RestoreArchive;
  readonly restoreRecorded: RestoreArchive;
}

export interface ChartsDeps {
  readonly cluster: Pick<Cluster, 'archives' | 'credentials' | 'tasks'>;
  readonly engine: HelmCharts;
  readonly folder: ChartFolder;
  readonly newerVersions: NewerVersions;
  readonly repositories: RepositoriesNow;
  readonly systemNamespace: string;
  readonly clock: Clock;
}

export function createCharts(deps: ChartsDeps): Charts {
  const { cluster, engine, folder, newerVersions, repositories, systemNamespace, clock } = deps;
  const { archives, credentials, tasks } = cluster;
  const resolveChart = createResolveChart({ repositories, credentials, engine, newerVersions });
  const restoreArchive = createRestoreArchive({ folder, archives, stagingNamespace: systemNamespace });
  const known = createKnownArchives();
  const restoreRecorded = createRestoreRecorded({ folder, archives, known });
  return {
    chartFacts: createChartFacts({ engine }),
    dropArchive: createDropArchive({ archives, stagingNamespace: systemNamespace, store: tasks, clock }),
    findChart: createFindChart({ restoreRecorded, resolveChart, engine }),
    keepArchive: createKeepArchive({ folder, archives, known }),
    resolveChart,
    restoreArchive,
    restoreRecorded,
  };
}
