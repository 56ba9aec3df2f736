import type { Repository } from '../../../contract/schemas/charts/chart-list.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import type { RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import { findRepository } from './find-repository.ts';
import { describeRepository, isRegistry } from './list-repositories.ts';
import { isAboutRepository, type RepositoryChecks } from './repository-checks.ts';

export interface CheckRepositoryDeps {
  readonly repositories: RepositoriesNow;
  readonly engine: Pick<HelmCharts, 'listRepository'>;
  readonly checks: RepositoryChecks;
}

/**
 * Reads the index of a repository now, and tells how that went; a registry has none. That it cannot be read is an answer
 * and no error.
 * @throws ProblemError REPOSITORY_NOT_FOUND, ENGINE_BUSY, ENGINE_STOPPED, CANCELLED
 */
export type CheckRepository = (name: string, caller: Caller | null, signal: AbortSignal) => Promise<Repository>;

export function createCheckRepository({ repositories, engine, checks }: CheckRepositoryDeps): CheckRepository {
  return async function checkRepository(name, caller, signal) {
    const repository = findRepository(repositories(), name, `can't find repo name ${name}`);
    if (!isRegistry(repository)) {
      const source = { ...repository.access, url: repository.url };
      try {
        await checks.note(
          repository,
          engine.listRepository(source, { versions: 1 }, { signal, sharer: sharerOf(caller) }),
        );
      } catch (error) {
        if (!isAboutRepository(error)) {
          throw error;
        }
      }
    }
    return describeRepository(repository, checks);
  };
}
