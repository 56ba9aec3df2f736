import { Type } from 'typebox';
import { anyToken } from '../schemas/access.ts';
import { ChartInfoList, RepositoryList } from '../schemas/chart.ts';
import { indexErrors } from './release-errors.ts';
import { operation } from './operation.ts';

/** The operations on charts and their repositories. */
export const chartOperations = {
  listRepositories: operation({
    method: 'GET',
    path: '/api/v1/chart/repolist',
    tag: 'chart',
    access: anyToken,
    summary: 'List the configured chart repositories',
    responses: { 200: { description: 'The repositories, without their credentials.', schema: RepositoryList } },
    errors: [],
    errorPrefix: 'failed to list repositories: ',
  }),
  listCharts: operation({
    method: 'GET',
    path: '/api/v1/chart/{repo}/list',
    tag: 'chart',
    access: anyToken,
    summary: 'List the charts of a repository',
    query: { chart: Type.Optional(Type.String({ description: 'Only this chart.' })) },
    responses: {
      200: {
        description:
          'Every version of every chart. An entry of the index that was skipped is a warning `INDEX_ENTRY_SKIPPED` in the header `Walm-Warnings`.',
        schema: ChartInfoList,
        streamed: true,
      },
    },
    errors: indexErrors,
    errorPrefix: 'failed to get chart list: ',
  }),
};
