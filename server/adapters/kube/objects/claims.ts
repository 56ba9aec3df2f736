import type { Claims } from '../../../ports/cluster/claims.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const CLAIMS = { group: '', version: 'v1', plural: 'persistentvolumeclaims' };

/** Claims of the API server, read each time. */
export function createKubeClaims({ kube }: { kube: KubeApi }): Claims {
  return {
    async list(namespace, as) {
      try {
        const { items } = await kube.list(resourcePath(CLAIMS, namespace), { metadataOnly: true }, { as });
        return items.map(({ metadata }) => ({
          name: metadata.name,
          labels: metadata.labels ?? {},
          kept: metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep',
        }));
      } catch (error) {
        throw problemOf(error, { kind: 'PersistentVolumeClaim', namespace, name: '' });
      }
    },
    async remove(namespace, name, as) {
      try {
        await kube.remove(resourcePath(CLAIMS, namespace, name), {}, { as });
      } catch (error) {
        if (!hasStatus(error, 404)) {
          throw problemOf(error, { kind: 'PersistentVolumeClaim', namespace, name });
        }
      }
    },
  };
}
