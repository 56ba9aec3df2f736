import type { RepositoryList } from '../../../contract/schemas/chart.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { HandlersOf } from './handler.ts';
import type { ListedCharts } from '../../services/charts/list-charts.ts';
import { streamItems } from '../answers/streamed-items.ts';
import { warningsHeader } from '../answers/warnings-header.ts';

/** The use cases of chart operations. */
export interface ChartServices {
  readonly listRepositories: () => RepositoryList;
  readonly listCharts: (
    repository: string,
    chart: string | undefined,
    caller: Caller | null,
    signal: AbortSignal,
  ) => Promise<ListedCharts>;
}

/** The handlers of the operations on charts. */
export function createChartHandlers(services: ChartServices): HandlersOf<'listRepositories' | 'listCharts'> {
  return {
    listRepositories: async () => ({ status: 200, body: services.listRepositories() }),
    listCharts: async ({ path, query, caller, signal, warnings }) => {
      const listed = await services.listCharts(path.repo, query.chart, caller, signal);
      const headers = warningsHeader([...warnings, ...listed.warnings]);
      return { status: 200, body: streamItems(listed.pages), headers };
    },
  };
}
