import type { RepositoryList } from '../../../contract/schemas/charts/chart-list.ts';
import { type ChartRepository, DEFAULT_REPOSITORY } from '../../ports/helm/chart-repositories.ts';
import type { RepositoryChecks } from './repository-checks.ts';

/** Lists the configured repositories in order, without credentials, and how reading them went last. Asks none of them. */
export type ListRepositories = () => RepositoryList;

/** Whether an address is that of a registry, which has no list of its charts. */
export function isRegistry({ url }: Pick<ChartRepository, 'url'>): boolean {
  return /^oci(\+http)?:/i.test(url);
}

export function createListRepositories(
  repositories: readonly ChartRepository[],
  checks: Pick<RepositoryChecks, 'of'>,
): ListRepositories {
  return function listRepositories() {
    return {
      items: repositories.map((repository) => {
        const { name, url } = repository;
        const { reachable = null, checkedAt = null, message = '', charts = null } = checks.of(name) ?? {};
        return {
          repoName: name,
          repoUrl: url,
          kind: isRegistry(repository) ? 'registry' : 'repository',
          origin: 'configuration',
          isDefault: name === DEFAULT_REPOSITORY,
          reachable,
          checkedAt,
          message,
          charts,
        };
      }),
    };
  };
}
