import { createFairGate } from '../../../domain/budgets/fair-gate.ts';
import { problem, type ProblemError } from '../../../domain/errors/problem-error.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { JsonValue } from '../../../domain/json/json.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { SourceCredentials } from '../../../ports/helm/source-credentials.ts';
import { readCredentialSecret } from './credential-secret.ts';
import type { KubeReader } from '../client/kube-api.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** Limits of what is read: an editor of a namespace can label any number of Secrets of any size. */
const MAX_SECRETS = 100;
const MAX_BYTES = 1024 * 1024;
/** A page is held as a whole, whatever its Secrets hold. */
const PAGE = 4;
/** Lists at once, of all namespaces and of one. */
const AT_ONCE = { all: 4, each: 2 };

/**
 * Credentials from the Secrets of a namespace that carry the label `walm.io/credential`, read each time. Rejects with
 * CREDENTIAL_INVALID where there are more of them, or more in them, than credentials can be.
 */
export function createKubeSourceCredentials(kube: Pick<KubeReader, 'list'>): SourceCredentials {
  const turns = createFairGate(AT_ONCE);

  async function secretsOf(namespace: string, signal: AbortSignal | undefined): Promise<KubeObject[]> {
    const labelSelector = 'walm.io/credential in (repository, registry)';
    const path = resourcePath(SECRETS, namespace);
    const secrets: KubeObject[] = [];
    let bytes = 0;
    for await (const page of listPages(kube, path, { labelSelector, limit: PAGE }, signal ? { signal } : {})) {
      secrets.push(...page);
      bytes += page.reduce((sum, { data }) => sum + sizeOf(data), 0);
      if (secrets.length > MAX_SECRETS || bytes > MAX_BYTES) {
        throw tooMany(namespace);
      }
    }
    return secrets;
  }

  return {
    async list(namespace, signal) {
      try {
        const secrets = await turns.run(namespace, () => secretsOf(namespace, signal));
        return secrets.flatMap(readCredentialSecret);
      } catch (error) {
        throw problemOf(error, { kind: 'Secret', namespace, name: '' });
      }
    },
  };
}

function sizeOf(data: JsonValue | undefined): number {
  return Object.values(asObject(data)).reduce<number>((sum, value) => sum + asString(value).length, 0);
}

function tooMany(namespace: string): ProblemError {
  return problem(
    'CREDENTIAL_INVALID',
    `the Secrets of namespace ${namespace} with the label walm.io/credential are more than ${MAX_SECRETS}, or hold more than ` +
      `${MAX_BYTES >> 10} KiB: take the label from those that are not credentials`,
    { maxSecrets: MAX_SECRETS, maxBytes: MAX_BYTES },
    { kind: 'Secret', namespace, name: '' },
  );
}
