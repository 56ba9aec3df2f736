import type { ChartInfoList, RepositoryList } from '../../contract/chart.ts';
import type { Caller } from '../domain/caller.ts';
import type { HandlersOf } from './handler.ts';

/** What the operations on charts ask for. */
export interface ChartServices {
  readonly listRepositories: () => RepositoryList;
  readonly listCharts: (repository: string, caller: Caller | null, signal: AbortSignal) => Promise<ChartInfoList>;
}

/** The handlers of the operations on charts. */
export function createChartHandlers(services: ChartServices): HandlersOf<'listRepositories' | 'listCharts'> {
  return {
    listRepositories: async () => ({ status: 200, body: services.listRepositories() }),
    listCharts: async ({ path, caller, signal }) => ({
      status: 200,
      body: await services.listCharts(path.repo, caller, signal),
    }),
  };
}
