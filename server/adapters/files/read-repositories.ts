import { readFile } from 'node:fs/promises';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import { isReservedRepositoryName } from '../../domain/charts/repository-names.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';

/** A repository as configured. */
export interface RepositorySettings {
  readonly name: string;
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** File with PEM certificates that are trusted in addition to the system's. */
  readonly caFile?: string;
  readonly insecureSkipTlsVerify?: boolean;
}

/**
 * Parses the configured repositories. User and password in a url are moved out of it. Throws an error that names the
 * repository but never quotes its url.
 */
export async function readRepositories(settings: readonly RepositorySettings[]): Promise<ChartRepository[]> {
  const names = settings.map(({ name }) => name);
  const reserved = names.find(isReservedRepositoryName);
  if (reserved !== undefined) {
    throw new Error(`repoList names a repository ${reserved}, which is a word of the paths of the API`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(`repoList names the repository ${twice} twice`);
  }
  return Promise.all(settings.map(readRepository));
}

async function readRepository(settings: RepositorySettings): Promise<ChartRepository> {
  const { name, url, caFile, insecureSkipTlsVerify } = settings;
  const address = parseChartAddress(url);
  if (address === null) {
    throw new Error(`the url of repository ${name} must begin with http://, https://, oci:// or oci+http://`);
  }
  const username = settings.username ?? address.username;
  const password = settings.password ?? address.password;
  return {
    name,
    url: url.replace(/^([a-z+]+:\/\/)[^/?#]*@/, '$1'),
    address,
    origin: 'configuration',
    access: {
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(caFile !== undefined && { caPem: await readCertificates(name, caFile) }),
      ...(insecureSkipTlsVerify !== undefined && { insecureSkipTlsVerify }),
    },
  };
}

async function readCertificates(name: string, caFile: string): Promise<string> {
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    throw new Error(`the caFile ${caFile} of repository ${name} cannot be read`, { cause: error });
  }
}
