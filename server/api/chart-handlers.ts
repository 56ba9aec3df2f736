import type { ChartInfo, RepositoryList } from '../../contract/chart.ts';
import type { Caller } from '../domain/caller.ts';
import type { HandlersOf } from './handler.ts';
import { streamItems } from './streamed-items.ts';

/** What the operations on charts ask for. */
export interface ChartServices {
  readonly listRepositories: () => RepositoryList;
  readonly listCharts: (
    repository: string,
    chart: string | undefined,
    caller: Caller | null,
    signal: AbortSignal,
  ) => Promise<AsyncGenerator<ChartInfo[], void>>;
}

/** The handlers of the operations on charts. */
export function createChartHandlers(services: ChartServices): HandlersOf<'listRepositories' | 'listCharts'> {
  return {
    listRepositories: async () => ({ status: 200, body: services.listRepositories() }),
    listCharts: async ({ path, query, caller, signal }) => ({
      status: 200,
      body: streamItems(await services.listCharts(path.repo, query.chart, caller, signal)),
    }),
  };
}
