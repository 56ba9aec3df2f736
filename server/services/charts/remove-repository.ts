import type { RepositoryRemoval } from '../../../contract/schemas/charts/repository-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { boundWarnings } from '../../domain/bounds/bound-warnings.ts';
import { repositoryOf } from '../../domain/charts/other-version.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { RepositoryStore } from '../../ports/helm/repository-store.ts';
import { onlySeen, type VisibleNamespaces } from '../access/visible-namespaces.ts';
import { repositoryNotFound } from './find-repository.ts';

export interface RemoveRepositoryDeps {
  readonly configured: readonly ChartRepository[];
  readonly store: Pick<RepositoryStore, 'remove'>;
  readonly cache: Pick<ReleaseCache, 'list'>;
}

/**
 * Removes a repository that was added at run time, in the name of the caller. Releases whose chart came from it are counted,
 * and named where the caller may list them.
 * @throws ProblemError REPOSITORY_READ_ONLY, REPOSITORY_NOT_FOUND unless `ignoreNotFound`, and what the store throws
 */
export type RemoveRepository = (
  name: string,
  options: { readonly ignoreNotFound: boolean },
  caller: Caller | null,
  visible: VisibleNamespaces | null,
) => Promise<RepositoryRemoval>;

export function createRemoveRepository({ configured, store, cache }: RemoveRepositoryDeps): RemoveRepository {
  async function fromIt(name: string) {
    const records = await cache.list();
    return records.filter(
      ({ facts }) => facts?.source?.kind === 'repository' && repositoryOf(facts.source)[0] === name,
    );
  }

  return async function removeRepository(name, { ignoreNotFound }, caller, visible) {
    if (configured.some((repository) => repository.name === name)) {
      const message = `the repository ${name} belongs to the configuration of the server`;
      throw problem('REPOSITORY_READ_ONLY', message, { repository: name });
    }
    if (!(await store.remove(name, caller)) && !ignoreNotFound) {
      throw repositoryNotFound(name);
    }
    const users = await fromIt(name);
    const seen = await onlySeen(visible, users);
    return {
      repoName: name,
      releases: users.length,
      warnings: boundWarnings([...seen.map((user) => named(name, user)), ...unseen(name, users.length - seen.length)]),
    };
  };
}

function named(repository: string, release: { namespace: string; name: string; chartName: string }): Warning {
  const { namespace, name, chartName } = release;
  return {
    code: 'REPOSITORY_IN_USE',
    message: `the chart ${chartName} of release ${namespace}/${name} came from repository ${repository}: an upgrade has to say where its chart is`,
  };
}

function unseen(repository: string, count: number): Warning[] {
  const message = `the charts of ${count} releases that you may not list came from repository ${repository}`;
  return count === 0 ? [] : [{ code: 'REPOSITORY_IN_USE', message, count }];
}
