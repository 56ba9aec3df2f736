import type { JsonObject } from '../../../domain/json/json.ts';
import { asObjects, asString, valueAt } from '../../../domain/json/json-reading.ts';
import { type KubeObject, specOf, statusOf } from '../../../domain/kube/kube-object.ts';
import type { NodeFacts } from '../../../domain/quotas/daemon-nodes.ts';
import { readAmounts } from '../../../domain/quotas/pod-amounts.ts';
import type { NamespaceLimits } from '../../../ports/cluster/namespace-limits.ts';
import type { KubeReader, KubeCall } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const core = (plural: string) => ({ group: '', version: 'v1', plural });
const NODES = core('nodes');
const RUNTIME_CLASSES = { group: 'node.k8s.io', version: 'v1', plural: 'runtimeclasses' };
const PRIORITY_CLASSES = { group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses' };
const STORAGE_CLASSES = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses' };
const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
const PAGE = 500;

/** Quotas, limit ranges, nodes and the cluster's defaults, from the API server. */
export function createKubeNamespaceLimits(kube: KubeReader): NamespaceLimits {
  return {
    async read(caller, namespace, signal) {
      const call = { as: caller, ...(signal && { signal }) };
      const [quotas, limitRanges] = await Promise.all([
        listAll(kube, core('resourcequotas'), call, namespace),
        listAll(kube, core('limitranges'), call, namespace),
      ]);
      return quotas === null || limitRanges === null
        ? null
        : { quotas: quotas.map(asJson), limitRanges: limitRanges.map(asJson) };
    },
    async nodes(signal) {
      const nodes = await listAll(kube, NODES, signal ? { signal } : {});
      return nodes === null ? null : nodes.map(nodeFacts);
    },
    async defaults(signal) {
      const call = signal ? { signal } : {};
      const [runtimes, priorities, storages] = await Promise.all([
        listAll(kube, RUNTIME_CLASSES, call),
        listAll(kube, PRIORITY_CLASSES, call),
        listAll(kube, STORAGE_CLASSES, call),
      ]);
      return {
        overheads: new Map(
          (runtimes ?? []).map((object) => [
            object.metadata.name,
            readAmounts(valueAt(object['overhead'] as JsonObject[string], 'podFixed')),
          ]),
        ),
        priorityClass: (priorities ?? []).find((object) => object['globalDefault'] === true)?.metadata.name ?? '',
        storageClass: defaultStorageClass(storages ?? []),
      };
    },
  };
}

/** Null if they may not be read; none if the cluster does not know the kind. */
async function listAll(
  kube: KubeReader,
  resource: { group: string; version: string; plural: string },
  call: KubeCall,
  namespace?: string,
): Promise<KubeObject[] | null> {
  const items: KubeObject[] = [];
  try {
    for await (const page of listPages(kube, resourcePath(resource, namespace), { limit: PAGE }, call)) {
      items.push(...page);
    }
    return items;
  } catch (error) {
    if (hasStatus(error, 403)) {
      return null;
    }
    if (hasStatus(error, 404)) {
      return [];
    }
    throw problemOf(error, { kind: resource.plural, namespace: namespace ?? '', name: '' });
  }
}

/** Of several default classes the newest one, like the API server; of equally old ones the first by name. */
function defaultStorageClass(classes: readonly KubeObject[]): string {
  const [chosen] = classes
    .filter(({ metadata }) => IS_DEFAULT.some((annotation) => metadata.annotations?.[annotation] === 'true'))
    .toSorted(
      ({ metadata: a }, { metadata: b }) =>
        (b.creationTimestamp ?? '').localeCompare(a.creationTimestamp ?? '') || a.name.localeCompare(b.name),
    );
  return chosen?.metadata.name ?? '';
}

function nodeFacts(node: KubeObject): NodeFacts {
  const taints = asObjects(valueAt(specOf(node), 'taints')).map((taint) => ({
    key: asString(taint['key']),
    value: asString(taint['value']),
    effect: asString(taint['effect']),
  }));
  return { name: node.metadata.name, labels: node.metadata.labels ?? {}, taints };
}

function asJson(object: KubeObject): JsonObject {
  return { metadata: { name: object.metadata.name }, spec: specOf(object), status: statusOf(object) };
}
