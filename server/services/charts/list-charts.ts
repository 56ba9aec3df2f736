import type { ChartInfo } from '../../../contract/schemas/charts/chart-list.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import { positionOf, tokenOf } from './index-token.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import type { IndexPart, RepositoryChart, RepositoryPage } from '../../ports/helm/helm-chart.ts';
import { findRepository } from './find-repository.ts';
import type { RepositoryChecks } from './repository-checks.ts';

/** What a list says behind its items. */
export type ListEnd = { num: number; total: number; continue?: string };

/** The charts of a repository, page by page, and the skipped entries of its index. */
export interface ListedCharts {
  pages: AsyncGenerator<ChartInfo[], ListEnd>;
  warnings: Warning[];
}

export interface ListChartsDeps {
  readonly repositories: RepositoriesNow;
  readonly engine: Pick<HelmCharts, 'listRepository'>;
  readonly checks: RepositoryChecks;
}

/** Which charts to list; without any field, all versions of all charts. */
export type ChartFilter = {
  chart?: string;
  /** Words that a chart must have in name, keywords or description. */
  text?: string;
  /** Only the newest version of each. */
  latest?: boolean;
  /** Maximum items of one answer, above 0. */
  limit?: number;
  /** `continue` of the previous answer. */
  continue?: string;
  /** Throw CHART_NOT_FOUND if the repository has no such chart. */
  mustExist?: boolean;
};

/**
 * Lists versions of charts of a repository: by name, newest version first, page by page, so that a large index is never
 * in memory as a whole. The index is read each time (the engine asks the repository whether it has changed). The first
 * page is available when the call returns. Throws REPOSITORY_NOT_FOUND, REPOSITORY_UNREACHABLE, REPOSITORY_UNAUTHORIZED,
 * REPOSITORY_INDEX_INVALID, ADDRESS_REFUSED, DOWNLOAD_TOO_LARGE, QUERY_INVALID for another list's `continue`.
 */
export type ListCharts = (
  name: string,
  filter: ChartFilter,
  caller: Caller | null,
  signal: AbortSignal,
) => Promise<ListedCharts>;

export function createListCharts({ repositories, engine, checks }: ListChartsDeps): ListCharts {
  return async function listCharts(name, filter, caller, signal) {
    const repository = findRepository(repositories(), name, `can't find repo name ${name}`);
    const { access, url } = repository;
    const { chart, text, latest = false, limit, continue: token } = filter;
    const wanted = { ...(chart !== undefined && { chart }), ...(text && { query: text }), ...(latest && { latest }) };
    const from = token === undefined ? undefined : positionOf(token, [name, wanted]);
    const ask = (part: IndexPart) =>
      checks.note(
        repository,
        engine.listRepository({ ...access, url }, { ...wanted, ...part }, { signal, sharer: sharerOf(caller) }),
      );
    const first = await ask({ ...(from && { from }), ...(limit !== undefined && { versions: limit }) });
    if (filter.mustExist === true && first.total === 0) {
      throw problem('CHART_NOT_FOUND', `Chart ${chart ?? ''} is not found in repo ${name}`);
    }
    const tokenAfter = (page: RepositoryPage) => (page.next === null ? undefined : tokenOf(page.next, [name, wanted]));
    return { pages: pages(first, ask, limit, tokenAfter), warnings: skippedEntries(first, name, chart) };
  };
}

async function* pages(
  first: RepositoryPage,
  ask: (part: IndexPart) => Promise<RepositoryPage>,
  limit: number | undefined,
  tokenAfter: (page: RepositoryPage) => string | undefined,
): AsyncGenerator<ChartInfo[], ListEnd> {
  let num = 0;
  for (let page = first; ;) {
    const items = page.charts.flatMap(describeVersions);
    num += items.length;
    yield items;
    const left = limit === undefined ? undefined : limit - num;
    if (page.next === null || left === 0) {
      const token = tokenAfter(page);
      return { num, total: first.total, ...(token !== undefined && { continue: token }) };
    }
    page = await ask({ from: page.next, index: page.index, ...(left !== undefined && { versions: left }) });
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

/** The versions of a chart as lists show them. */
export function describeVersions({ name, versions }: RepositoryChart): ChartInfo[] {
  return versions.map(({ version, appVersion, description, created, digest, deprecated, icon }) => ({
    chartName: name,
    chartVersion: version,
    chartDescription: description,
    chartAppVersion: appVersion,
    chartEngine: 'transwarp',
    defaultValue: '',
    metaInfo: null,
    created: created === '' ? null : created,
    digest,
    deprecated,
    icon,
  }));
}
