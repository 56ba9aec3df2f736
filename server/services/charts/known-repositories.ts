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
  let seen: readonly ChartRepository[] = [];
  let all: readonly ChartRepository[] = configured;
  return () => {
    const added = store.all();
    if (added !== seen) {
      seen = added;
      all = [...configured, ...added.filter(({ name }) => !names.has(name))];
    }
    return all;
  };
}
