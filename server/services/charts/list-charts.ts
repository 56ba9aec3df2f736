import type { ChartInfo } from '../../../contract/chart.ts';
import type { Caller } from '../../domain/caller.ts';
import { problem } from '../../domain/problem-error.ts';
import { sharerOf } from '../../domain/sharer.ts';
import type { ChartRepository } from '../../ports/chart-repositories.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { IndexPart, RepositoryChart, RepositoryPage } from '../../ports/helm-chart.ts';

export interface ListChartsDeps {
  readonly repositories: readonly ChartRepository[];
  readonly engine: Pick<HelmEngine, 'listRepository'>;
}

/**
 * Lists every version of every chart of a repository, or of one: by name, newest version first, page by page, so that
 * nobody ever holds all of a large index. The index is read each time (the engine asks the repository whether it has
 * changed). The first page is there when the list is answered. Throws REPOSITORY_NOT_FOUND, REPOSITORY_UNREACHABLE,
 * REPOSITORY_UNAUTHORIZED, REPOSITORY_INDEX_INVALID, ADDRESS_REFUSED, DOWNLOAD_TOO_LARGE.
 */
export function createListCharts({ repositories, engine }: ListChartsDeps) {
  return async (
    name: string,
    chart: string | undefined,
    caller: Caller | null,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<ChartInfo[], void>> => {
    const repository = repositories.find((candidate) => candidate.name === name);
    if (repository === undefined) {
      throw problem('REPOSITORY_NOT_FOUND', `can't find repo name ${name}`, { repository: name });
    }
    const source = { ...repository.access, url: repository.url };
    const ask = (part: IndexPart) =>
      engine.listRepository(
        source,
        { ...part, ...(chart !== undefined && { chart }) },
        { signal, sharer: sharerOf(caller) },
      );
    return pages(await ask({}), ask);
  };
}

async function* pages(
  first: RepositoryPage,
  ask: (part: IndexPart) => Promise<RepositoryPage>,
): AsyncGenerator<ChartInfo[], void> {
  for (let page = first; ;) {
    yield page.charts.flatMap(describeVersions);
    if (page.next === null) return;
    page = await ask({ from: page.next, index: page.index });
  }
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
