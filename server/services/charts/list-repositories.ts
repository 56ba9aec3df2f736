import type { Repository, RepositoryList } from '../../../contract/schemas/charts/chart-list.ts';
import { type ChartRepository, DEFAULT_REPOSITORY, type RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { RepositoryChecks } from './repository-checks.ts';

/** Lists the repositories in order, without credentials, and how reading them went last. Asks none of them. */
export type ListRepositories = () => RepositoryList;

/** Whether an address is that of a registry, which has no list of its charts. */
export function isRegistry({ url }: Pick<ChartRepository, 'url'>): boolean {
  return /^oci(\+http)?:/i.test(url);
}

/** A repository as answers show it: without credentials. */
export function describeRepository(repository: ChartRepository, checks: Pick<RepositoryChecks, 'of'>): Repository {
  const { name, url, origin } = repository;
  const { reachable = null, checkedAt = null, message = '', charts = null } = checks.of(repository) ?? {};
  return {
    repoName: name,
    repoUrl: url,
    kind: isRegistry(repository) ? 'registry' : 'repository',
    origin,
    isDefault: name === DEFAULT_REPOSITORY,
    reachable,
    checkedAt,
    message,
    charts,
  };
}

export function createListRepositories(
  repositories: RepositoriesNow,
  checks: Pick<RepositoryChecks, 'of'>,
): ListRepositories {
  return function listRepositories() {
    return { items: repositories().map((repository) => describeRepository(repository, checks)) };
  };
}
