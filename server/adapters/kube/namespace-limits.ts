import type { JsonObject } from '../../domain/json.ts';
import { type KubeObject, specOf, statusOf } from '../../domain/kube-object.ts';
import type { NamespaceLimits } from '../../ports/namespace-limits.ts';
import type { KubeApi } from './kube-api.ts';
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
          kube.list(resourcePath(core('nodes')), { metadataOnly: true }, call),
        ]);
        return {
          quotas: quotas.items.map(asJson),
          limitRanges: limitRanges.items.map(asJson),
          nodes: nodes.items.map(({ metadata }) => ({ labels: metadata.labels ?? {} })),
        };
      } catch (error) {
        throw problemOf(error, { kind: 'ResourceQuota', namespace, name: '' });
      }
    },
  };
}

function asJson(object: KubeObject): JsonObject {
  return { metadata: { name: object.metadata.name }, spec: specOf(object), status: statusOf(object) };
}
