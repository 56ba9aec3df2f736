import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { Secrets } from '../../../ports/cluster/secrets.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { KubeReader } from '../client/kube-api.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** Secrets of the API server, read each time. */
export function createKubeSecrets({ kube }: { kube: Pick<KubeReader, 'get'> }): Secrets {
  return {
    async read(namespace, name, as) {
      try {
        const { data } = await kube.get(resourcePath(SECRETS, namespace, name), { as });
        const entries = Object.entries(asObject(data));
        return Object.fromEntries(entries.map(([key, value]) => [key, decoded(asString(value))]));
      } catch (error) {
        if (hasStatus(error, 404)) {
          return null;
        }
        throw problemOf(error, { kind: 'Secret', namespace, name });
      }
    },
  };
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
