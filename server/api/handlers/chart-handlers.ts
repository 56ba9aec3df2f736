import type { ChartSearch, RepositoryList } from '../../../contract/schemas/charts/chart-list.ts';
import type { CallContext, HandlersOf } from './handler.ts';
import type { ChartFilter, ListCharts } from '../../services/charts/list-charts.ts';
import type { SearchCharts } from '../../services/charts/search-charts.ts';
import { streamItems } from '../answers/streamed-items.ts';
import { warningsHeader } from '../answers/warnings-header.ts';

/** The use cases of chart operations. */
export interface ChartServices {
  readonly listRepositories: () => RepositoryList;
  readonly listCharts: ListCharts;
  readonly searchCharts: SearchCharts;
}

/** The handlers of the operations on charts. */
export function createChartHandlers(
  services: ChartServices,
): HandlersOf<'listRepositories' | 'listCharts' | 'listChartVersions' | 'searchCharts'> {
  async function list(repository: string, filter: ChartFilter, { caller, signal, warnings }: CallContext) {
    const listed = await services.listCharts(repository, filter, caller, signal);
    const headers = warningsHeader([...warnings, ...listed.warnings]);
    return { status: 200, body: streamItems(listed.pages), headers } as const;
  }

  return {
    listRepositories: async () => ({ status: 200, body: services.listRepositories() }),
    listCharts: ({ path, query, ...call }) => {
      const { chart, q, versions } = query;
      const filter = { ...pageOf(query), ...(chart !== undefined && { chart }), ...(q !== undefined && { text: q }) };
      return list(path.repo, { ...filter, latest: versions === 'latest' }, call);
    },
    listChartVersions: ({ path, query, ...call }) =>
      list(path.repo, { ...pageOf(query), chart: path.chart, mustExist: true }, call),
    searchCharts: async ({ query, caller, signal }): Promise<{ status: 200; body: ChartSearch }> => ({
      status: 200,
      body: await services.searchCharts({ text: query.q, limit: query.limit }, caller, signal),
    }),
  };
}

function pageOf({ limit = 0, continue: token }: { limit?: number; continue?: string }): ChartFilter {
  return { ...(limit > 0 && { limit }), ...(token !== undefined && { continue: token }) };
}
