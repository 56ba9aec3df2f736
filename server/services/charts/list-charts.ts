import type { ChartInfo, ChartInfoList } from '../../../contract/chart.ts';
import type { Caller } from '../../domain/caller.ts';
import { problem } from '../../domain/problem-error.ts';
import { sharerOf } from '../../domain/sharer.ts';
import type { ChartRepository } from '../../ports/chart-repositories.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { RepositoryChart } from '../../ports/helm-chart.ts';

export interface ListChartsDeps {
  readonly repositories: readonly ChartRepository[];
  readonly engine: Pick<HelmEngine, 'listRepository'>;
}

/**
 * Lists every version of every chart of a repository: by name, newest version first. The index is read each time
 * (the engine asks the repository whether it has changed). Throws REPOSITORY_NOT_FOUND, REPOSITORY_UNREACHABLE,
 * REPOSITORY_UNAUTHORIZED, REPOSITORY_INDEX_INVALID, ADDRESS_REFUSED, DOWNLOAD_TOO_LARGE.
 */
export function createListCharts({ repositories, engine }: ListChartsDeps) {
  return async (name: string, caller: Caller | null, signal: AbortSignal): Promise<ChartInfoList> => {
    const repository = repositories.find((candidate) => candidate.name === name);
    if (repository === undefined) {
      throw problem('REPOSITORY_NOT_FOUND', `can't find repo name ${name}`, { repository: name });
    }
    const source = { ...repository.access, url: repository.url };
    const charts = await engine.listRepository(source, { signal, sharer: sharerOf(caller) });
    return { items: charts.flatMap(describeVersions) };
  };
}

function describeVersions({ name, versions }: RepositoryChart): ChartInfo[] {
  return versions.map(({ version, appVersion, description }) => ({
    chartName: name,
    chartVersion: version,
    chartDescription: description,
    chartAppVersion: appVersion,
    chartEngine: 'transwarp',
    defaultValue: '',
    metaInfo: null,
  }));
}
