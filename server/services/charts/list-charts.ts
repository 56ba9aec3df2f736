import type { ChartInfo, ChartInfoList } from '../../../contract/chart.ts';
import { problem } from '../../domain/problem-error.ts';
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
  return async (name: string, signal: AbortSignal): Promise<ChartInfoList> => {
    const repository = repositories.find((candidate) => candidate.name === name);
    if (repository === undefined) {
      throw problem('REPOSITORY_NOT_FOUND', `can't find repo name ${name}`, { repository: name });
    }
    const charts = await engine.listRepository({ ...repository.access, url: repository.url }, { signal });
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
