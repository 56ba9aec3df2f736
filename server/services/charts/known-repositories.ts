import type { ChartRepository, RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { RepositoryReader } from '../../ports/helm/repository-store.ts';

/**
 * The repositories of the configuration, and behind them those that were added at run time. A name of the configuration
 * stays that of the configuration, whatever else has it.
 */
export function createKnownRepositories(
  configured: readonly ChartRepository[],
  store: Pick<RepositoryReader, 'all'>,
): RepositoriesNow {
  const names = new Set(configured.map(({ name }) => name));
  return () => [...configured, ...store.all().filter(({ name }) => !names.has(name))];
}
