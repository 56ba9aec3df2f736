import type { Repository } from '../../../contract/schemas/charts/chart-list.ts';
import type { RepositoryRequest } from '../../../contract/schemas/charts/repository-request.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import { isReservedRepositoryName } from '../../domain/charts/repository-names.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import type { RepositoriesNow } from '../../ports/helm/chart-repositories.ts';
import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import { MAX_REPOSITORIES, type NewRepository, type RepositoryStore } from '../../ports/helm/repository-store.ts';
import { describeRepository, isRegistry } from './list-repositories.ts';
import type { RepositoryChecks } from './repository-checks.ts';

export interface AddRepositoryDeps {
  readonly repositories: RepositoriesNow;
  readonly store: Pick<RepositoryStore, 'add' | 'all'>;
  readonly engine: Pick<HelmCharts, 'listRepository'>;
  readonly checks: RepositoryChecks;
}

/**
 * Adds a repository in the name of the caller. With `check` its index is read before; then nothing is left behind by one
 * that cannot be read.
 * @throws ProblemError REPOSITORY_INVALID, REPOSITORY_EXISTS, TOO_MANY_REPOSITORIES, what reading an index throws, and
 * what the store throws
 */
export type AddRepository = (
  request: RepositoryRequest,
  options: { readonly check: boolean },
  caller: Caller | null,
  signal: AbortSignal,
) => Promise<Repository>;

export function createAddRepository({ repositories, store, engine, checks }: AddRepositoryDeps): AddRepository {
  return async function addRepository(request, { check }, caller, signal) {
    const wanted = repositoryOf(request);
    if (repositories().some(({ name }) => name === wanted.name)) {
      throw exists(wanted.name);
    }
    if (store.all().length >= MAX_REPOSITORIES) {
      throw problem('TOO_MANY_REPOSITORIES', `${MAX_REPOSITORIES} repositories were added already`, {
        max: MAX_REPOSITORIES,
      });
    }
    const page =
      check && !isRegistry(wanted)
        ? await engine.listRepository(
            { ...wanted.access, url: wanted.url },
            { versions: 1 },
            { signal, sharer: sharerOf(caller) },
          )
        : null;
    const added = await store.add(wanted, caller);
    if (added === null) {
      throw exists(wanted.name);
    }
    if (page !== null) {
      await checks.note(added, Promise.resolve(page));
    }
    return describeRepository(added, checks);
  };
}

function exists(name: string): ProblemError {
  return problem('REPOSITORY_EXISTS', `there is a repository ${name} already`, { repository: name });
}

/** @throws ProblemError REPOSITORY_INVALID */
function repositoryOf(request: RepositoryRequest): NewRepository {
  const { name, token = '', caPem = '', insecureSkipTlsVerify = false, passCredentialsAll = false } = request;
  if (isReservedRepositoryName(name)) {
    throw invalid(name, 'name', `${name} is a word of the paths of the API`);
  }
  const url = request.url.trim();
  const address = parseChartAddress(url);
  if (address === null) {
    throw invalid(name, 'url', 'its url must begin with http://, https://, oci:// or oci+http:// and a host');
  }
  if (/[?#]/.test(url)) {
    throw invalid(name, 'url', 'its url must have no query and no fragment, which would be shown to everyone');
  }
  const username = request.username || address.username;
  const password = request.password || address.password;
  if (token !== '' && (username !== '' || password !== '')) {
    throw invalid(name, 'token', 'it has both a token and a user: send one of them');
  }
  return {
    name,
    url: url.replace(/^([a-z+]+:\/\/)[^/]*@/, '$1'),
    access: {
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(token !== '' && { bearerToken: token }),
      ...(caPem !== '' && { caPem }),
      ...(insecureSkipTlsVerify && { insecureSkipTlsVerify }),
      ...(passCredentialsAll && { passCredentialsAll }),
    },
  };
}

function invalid(name: string, field: string, why: string): ProblemError {
  return problem('REPOSITORY_INVALID', `the repository ${name} cannot be added: ${why}`, { repository: name, field });
}
