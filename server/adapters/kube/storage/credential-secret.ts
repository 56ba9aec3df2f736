import { parseChartAddress } from '../../../domain/charts/chart-address.ts';
import type { JsonObject, JsonValue } from '../../../domain/json/json.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { problem, type ProblemError } from '../../../domain/errors/problem-error.ts';
import type { SourceCredential } from '../../../ports/helm/source-credentials.ts';

/** Says what a Secret's credentials are for: `repository` or `registry`. */
const CREDENTIAL_LABEL = 'walm.io/credential';

const DOCKER_CONFIG = '.dockerconfigjson';

/**
 * Reads a Secret with the label `walm.io/credential`. Its data:
 * - `url`: `https://host/path` of a repository, `oci://host/path` (or `oci+http://`) of a registry; `host` is enough
 *   for a registry, with `plainHttp: "true"` if it has no TLS
 * - `username` and `password`, or `token` (a bearer token, for repositories)
 * - `ca.crt`: PEM certificates trusted in addition to the system's; `insecureSkipTlsVerify: "true"` trusts any
 *
 * A pull secret of type `kubernetes.io/dockerconfigjson` contains one credential per registry. Throws
 * CREDENTIAL_INVALID.
 */
export function readCredentialSecret(secret: KubeObject): SourceCredential[] {
  const data = asObject(secret.data);
  if (data[DOCKER_CONFIG] !== undefined) {
    return readDockerConfig(secret, textOf(data, DOCKER_CONFIG));
  }
  const isRegistry = secret.metadata.labels?.[CREDENTIAL_LABEL] === 'registry';
  const address = parseChartAddress(textOf(data, 'url') || (isRegistry ? hostUrl(data) : ''));
  if (address === null || address.prefix.startsWith('oci://') !== isRegistry) {
    throw broken(secret, isRegistry ? 'it needs a host, or a url that begins with oci://' : 'it needs a url');
  }
  return [{ address, access: { ...credentialsOf(data), ...trustOf(data) } }];
}

function hostUrl(data: JsonObject): string {
  const scheme = textOf(data, 'plainHttp') === 'true' ? 'oci+http' : 'oci';
  return `${scheme}://${textOf(data, 'host')}`;
}

function credentialsOf(data: JsonObject): SourceCredential['access'] {
  const [username, password, bearerToken] = ['username', 'password', 'token'].map((key) => textOf(data, key));
  return { ...(username && { username }), ...(password && { password }), ...(bearerToken && { bearerToken }) };
}

function trustOf(data: JsonObject): SourceCredential['access'] {
  const caPem = textOf(data, 'ca.crt');
  const insecureSkipTlsVerify = textOf(data, 'insecureSkipTlsVerify') === 'true';
  return { ...(caPem && { caPem }), ...(insecureSkipTlsVerify && { insecureSkipTlsVerify }) };
}

function readDockerConfig(secret: KubeObject, text: string): SourceCredential[] {
  return Object.entries(asObject(asObject(parsed(secret, text))['auths'])).map(([host, entry]) => {
    const address = parseChartAddress(`oci://${host.replace(/^https?:\/\//, '').replace(/\/v[12]\/?$/, '')}`);
    if (address === null) {
      throw broken(secret, `its .dockerconfigjson names a registry that is not a host`);
    }
    const { auth, username, password } = asObject(entry);
    const [user = '', ...rest] = Buffer.from(asString(auth), 'base64').toString('utf8').split(':');
    return {
      address,
      access: { username: asString(username) || user, password: asString(password) || rest.join(':') },
    };
  });
}

function parsed(secret: KubeObject, text: string): JsonObject {
  try {
    return asObject(JSON.parse(text) as JsonValue);
  } catch {
    throw broken(secret, 'its .dockerconfigjson is not JSON');
  }
}

function textOf(data: JsonObject, key: string): string {
  return Buffer.from(asString(data[key]), 'base64').toString('utf8').trim();
}

function broken({ metadata: { name, namespace = '' } }: KubeObject, reason: string): ProblemError {
  const message = `Secret ${namespace}/${name} has the label ${CREDENTIAL_LABEL} but cannot be used: ${reason}`;
  return problem('CREDENTIAL_INVALID', message, {}, { kind: 'Secret', namespace, name });
}
