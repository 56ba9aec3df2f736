import type { RepositoryList } from '../../../contract/schemas/chart.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';

/** Lists the configured repositories in order, without credentials. */
export type ListRepositories = () => RepositoryList;

export function createListRepositories(repositories: readonly ChartRepository[]): ListRepositories {
  return function listRepositories() {
    return { items: repositories.map(({ name, url }) => ({ repoName: name, repoUrl: url })) };
  };
}
