import type { JsonObject } from '../../domain/json.ts';
import { type KubeObject, specOf, statusOf } from '../../domain/kube-object.ts';
import type { NamespaceLimits, NamespaceLimitsFacts } from '../../ports/namespace-limits.ts';
import type { KubeApi, KubeCall } from './kube-api.ts';
import { hasStatus } from './kube-api-error.ts';
import { problemOf } from './problem-of.ts';
import { resourcePath } from './resource-path.ts';

const core = (plural: string) => ({ group: '', version: 'v1', plural });

/** Quotas, limit ranges and nodes by the API server. */
export function createKubeNamespaceLimits(kube: KubeApi): NamespaceLimits {
  return {
    async read(namespace, signal) {
      const call = signal === undefined ? {} : { signal };
      try {
        const [quotas, limitRanges, nodes] = await Promise.all([
          kube.list(resourcePath(core('resourcequotas'), namespace), {}, call),
          kube.list(resourcePath(core('limitranges'), namespace), {}, call),
          listNodes(kube, call),
        ]);
        return {
          quotas: quotas.items.map(asJson),
          limitRanges: limitRanges.items.map(asJson),
          nodes,
        };
      } catch (error) {
        throw problemOf(error, { kind: 'ResourceQuota', namespace, name: '' });
      }
    },
  };
}

/** Null where they may not be read: nodes are the cluster's, and Walm may have rights in namespaces alone. */
async function listNodes(kube: KubeApi, call: KubeCall): Promise<NamespaceLimitsFacts['nodes']> {
  try {
    const { items } = await kube.list(resourcePath(core('nodes')), { metadataOnly: true }, call);
    return items.map(({ metadata }) => ({ labels: metadata.labels ?? {} }));
  } catch (error) {
    if (hasStatus(error, 403)) {
      return null;
    }
    throw error;
  }
}

function asJson(object: KubeObject): JsonObject {
  return { metadata: { name: object.metadata.name }, spec: specOf(object), status: statusOf(object) };
}
