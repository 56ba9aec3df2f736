import type { ChartInfo } from '../../../contract/schemas/chart.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { IndexPart, RepositoryChart, RepositoryPage } from '../../ports/helm/helm-chart.ts';
import { findRepository } from './find-repository.ts';

/** The charts of a repository, page by page, and the skipped entries of its index. */
export interface ListedCharts {
  pages: AsyncGenerator<ChartInfo[], void>;
  warnings: Warning[];
}

export interface ListChartsDeps {
  readonly repositories: readonly ChartRepository[];
  readonly engine: Pick<HelmCharts, 'listRepository'>;
}

/**
 * Lists every version of every chart of a repository, or of one chart: by name, newest version first, page by page, so
 * that a large index is never in memory as a whole. The index is read each time (the engine asks the repository whether
 * it has changed). The first page is available when the call returns. Throws REPOSITORY_NOT_FOUND,
 * REPOSITORY_UNREACHABLE, REPOSITORY_UNAUTHORIZED, REPOSITORY_INDEX_INVALID, ADDRESS_REFUSED, DOWNLOAD_TOO_LARGE.
 */
export type ListCharts = (
  name: string,
  chart: string | undefined,
  caller: Caller | null,
  signal: AbortSignal,
) => Promise<ListedCharts>;

export function createListCharts({ repositories, engine }: ListChartsDeps): ListCharts {
  return async function listCharts(name, chart, caller, signal) {
    const { access, url } = findRepository(repositories, name, `can't find repo name ${name}`);
    const source = { ...access, url };
    const ask = (part: IndexPart) =>
      engine.listRepository(
        source,
        { ...part, ...(chart !== undefined && { chart }) },
        { signal, sharer: sharerOf(caller) },
      );
    const first = await ask({});
    return { pages: pages(first, ask), warnings: skippedEntries(first, name, chart) };
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

/** A warning for each skipped entry that the engine names, and one for the number of further ones. */
function skippedEntries({ skipped }: RepositoryPage, repository: string, chart: string | undefined): Warning[] {
  const named = skipped.entries
    .filter((entry) => chart === undefined || entry.chart === chart)
    .map((entry) => ({
      code: 'INDEX_ENTRY_SKIPPED',
      message: `the entry ${[entry.chart, entry.version].join(' ').trim()} of the index of repository ${repository} is left out: ${entry.reason}`,
    }));
  const more = skipped.count - skipped.entries.length;
  if (more <= 0) return named;
  const message = `${more} more entries of the index of repository ${repository} are left out`;
  return [...named, { code: 'INDEX_ENTRY_SKIPPED', message }];
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
