import { DNS_LABEL } from '../../../../contract/schemas/name-syntax.ts';
import { REPOSITORY_SECRET_PREFIX } from '../../../../contract/schemas/charts/repository-secret.ts';
import { parseChartAddress } from '../../../domain/charts/chart-address.ts';
import { isReservedRepositoryName } from '../../../domain/charts/repository-names.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { ChartRepository, RepositoryAccess } from '../../../ports/helm/chart-repositories.ts';
import type { NewRepository } from '../../../ports/helm/repository-store.ts';

export const REPOSITORY_SECRET_TYPE = 'walm.io/repository.v1';

/** More than a repository can need, in base64: its address, credentials and certificates. */
const MAX_BYTES = 256 * 1024;
const MAX_URL = 2048;

const NAME = new RegExp(DNS_LABEL);

/** A repository, or why the Secret is none. */
export type DecodedRepository = { readonly repository: ChartRepository } | { readonly refused: string };

export function repositorySecretName(name: string): string {
  return REPOSITORY_SECRET_PREFIX + name;
}

/** The repository's name in that of its Secret; the whole name if it is called otherwise. */
function repositoryNameOf(secretName: string): string {
  return secretName.startsWith(REPOSITORY_SECRET_PREFIX)
    ? secretName.slice(REPOSITORY_SECRET_PREFIX.length)
    : secretName;
}

/** Without line breaks and other control characters. */
function isOneLine(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

/** The Secret of a repository. Its fields are those of `docs/guide/chart-sources.md`. */
export function encodeRepository({ name, url, access }: NewRepository, namespace: string): KubeObject {
  const { username, password, bearerToken, caPem, insecureSkipTlsVerify = false, passCredentialsAll = false } = access;
  const texts = {
    url,
    ...(username && { username }),
    ...(password && { password }),
    ...(bearerToken && { token: bearerToken }),
    ...(caPem && { 'ca.crt': caPem }),
    ...(insecureSkipTlsVerify && { insecureSkipTlsVerify: 'true' }),
    ...(passCredentialsAll && { passCredentialsAll: 'true' }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: repositorySecretName(name),
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'walm' },
    },
    type: REPOSITORY_SECRET_TYPE,
    data: Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, 'utf8').toString('base64')]),
    ),
  };
}

/** Field of what is kept of a Secret that was too large; the API server has no such field. */
export const OVERSIZED = 'walmOversized';

/** Whether a Secret is too large to be looked into. */
export function isOversized(secret: KubeObject): boolean {
  if (secret[OVERSIZED] === true) {
    return true;
  }
  const { data } = secret;
  return Object.values(asObject(data)).reduce<number>((sum, value) => sum + asString(value).length, 0) > MAX_BYTES;
}

/**
 * Reads the Secret of a repository, which anyone may have written who may write Secrets in Walm's namespace: with the
 * same rules as for a repository of the configuration. The reason never quotes a value.
 */
export function decodeRepository(secret: KubeObject): DecodedRepository {
  const name = repositoryNameOf(secret.metadata.name);
  if (name === secret.metadata.name || !NAME.test(name) || isReservedRepositoryName(name)) {
    return { refused: `its name must be ${REPOSITORY_SECRET_PREFIX} and the name of a repository` };
  }
  if (isOversized(secret)) {
    return { refused: `it holds more than ${MAX_BYTES >> 10} KiB` };
  }
  const data = asObject(secret.data);
  const written = textOf(data, 'url').trim();
  const address = written.length > MAX_URL || !isOneLine(written) ? null : parseChartAddress(written);
  if (address === null || /[?#]/.test(written)) {
    return { refused: 'its url must begin with http://, https://, oci:// or oci+http://, without query' };
  }
  const token = textOf(data, 'token').trim();
  if (!isOneLine(token)) {
    return { refused: 'its token must be one line' };
  }
  const url = written.replace(/^([a-z+]+:\/\/)[^/]*@/, '$1');
  const username = textOf(data, 'username') || address.username;
  const password = textOf(data, 'password') || address.password;
  return {
    repository: { name, url, address, access: accessOf({ username, password, token, data }), origin: 'runtime' },
  };
}

function accessOf({
  username,
  password,
  token,
  data,
}: {
  username: string;
  password: string;
  token: string;
  data: JsonObject;
}): RepositoryAccess {
  const caPem = textOf(data, 'ca.crt');
  return {
    ...(username && { username }),
    ...(password && { password }),
    ...(token && { bearerToken: token }),
    ...(caPem && { caPem }),
    ...(textOf(data, 'insecureSkipTlsVerify').trim() === 'true' && { insecureSkipTlsVerify: true }),
    ...(textOf(data, 'passCredentialsAll').trim() === 'true' && { passCredentialsAll: true }),
  };
}

function textOf(data: JsonObject, key: string): string {
  return Buffer.from(asString(data[key]), 'base64').toString('utf8');
}
