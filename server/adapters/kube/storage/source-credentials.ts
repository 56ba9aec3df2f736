import type { SourceCredentials } from '../../../ports/helm/source-credentials.ts';
import { readCredentialSecret } from './credential-secret.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** Credentials from the Secrets of a namespace that carry the label `walm.io/credential`, read each time. */
export function createKubeSourceCredentials(kube: KubeApi): SourceCredentials {
  return {
    async list(namespace, signal) {
      const query = { labelSelector: 'walm.io/credential in (repository, registry)' };
      try {
        const { items } = await kube.list(resourcePath(SECRETS, namespace), query, signal ? { signal } : {});
        return items.flatMap(readCredentialSecret);
      } catch (error) {
        throw problemOf(error, { kind: 'Secret', namespace, name: '' });
      }
    },
  };
}
