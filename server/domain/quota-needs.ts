import { asObject, asObjects, asString, valueAt } from './json-reading.ts';
import type { JsonObject } from './json.ts';
import { parseApiVersion } from './kube-object.ts';
import {
  type ManifestClaim,
  manifestClaims,
  type ManifestWorkload,
  manifestWorkloads,
  type NodeFacts,
  podsAtOnce,
} from './manifest-workloads.ts';
import { type Amounts, type ContainerAmounts, containerAmounts, podAmounts, readAmounts } from './pod-amounts.ts';
import { addQuantities, timesQuantity, ZERO } from './quantity-sum.ts';
import type { Quantity } from './quantity.ts';
import { matchesScopes, type PodClass, type QuotaScope } from './quota-scopes.ts';

/** Defaults that a namespace's LimitRanges give to containers that do not say. */
export type ContainerDefaults = { requests: Amounts; limits: Amounts };

/** What a manifest takes, as quotas count it. */
export type QuotaNeeds = {
  /** How much of a quota's resource (`requests.cpu`, `pods`, `count/deployments.apps`, …) it takes. */
  of(resource: string, scopes: readonly QuotaScope[]): Quantity;
  /** Workloads with a container that says nothing of a compute resource: a quota on it refuses their pods. */
  silentOn(resource: string, scopes: readonly QuotaScope[]): string[];
};

/** Plural of a kind as the cluster serves it (`deployments`); undefined where it does not. */
export type PluralOf = (apiVersion: string, kind: string) => string | undefined;

type CountedPods = { workload: ManifestWorkload; pods: number; containers: ContainerAmounts[]; class: PodClass } & {
  amounts: ContainerAmounts;
};

const CLASS_SUFFIX = '.storageclass.storage.k8s.io/';
/** Object counts that quotas name without `count/`. */
const COUNTED: Readonly<Record<string, string>> = {
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  services: 'Service',
  replicationcontrollers: 'ReplicationController',
  resourcequotas: 'ResourceQuota',
};

/**
 * What objects take of a namespace's quotas: pods with the defaults of its LimitRanges filled in, claims (those of
 * ephemeral volumes too), and the objects themselves. Helm's record of the revision is not among them.
 */
export function quotaNeeds(
  objects: readonly JsonObject[],
  world: { nodes: readonly NodeFacts[]; defaults: ContainerDefaults; pluralOf: PluralOf },
): QuotaNeeds {
  const workloads = manifestWorkloads(objects);
  const counted = workloads.map((workload) => countPods(workload, world.nodes, world.defaults));
  const claims: { claim: ManifestClaim; count: number }[] = [
    ...manifestClaims(objects).map((claim) => ({ claim, count: 1 })),
    ...counted.flatMap(({ workload, pods }) =>
      [...workload.claims, ...workload.ephemeral].map((claim) => ({ claim, count: pods })),
    ),
  ];

  function ofPods(resource: string, scopes: readonly QuotaScope[]): Quantity {
    return sum(
      counted
        .filter((pods) => matchesScopes(pods.class, scopes))
        .map(({ pods, amounts }) => timesQuantity(amountOf(amounts, resource), pods)),
    );
  }

  function ofClaims(resource: string): Quantity | undefined {
    const at = resource.indexOf(CLASS_SUFFIX);
    const storageClass = at < 0 ? undefined : resource.slice(0, at);
    const measure = at < 0 ? resource : resource.slice(at + CLASS_SUFFIX.length);
    if (measure !== 'requests.storage' && measure !== 'persistentvolumeclaims') {
      return undefined;
    }
    const chosen = claims.filter(({ claim }) => storageClass === undefined || claim.storageClass === storageClass);
    return measure === 'persistentvolumeclaims'
      ? whole(chosen.reduce((total, { count }) => total + count, 0))
      : sum(chosen.map(({ claim, count }) => timesQuantity(claim.size, count)));
  }

  function ofObjects(resource: string): Quantity | undefined {
    if (resource.startsWith('count/')) {
      const wanted = resource.slice('count/'.length);
      const made = objects.filter((object) => resourceName(object, world.pluralOf) === wanted).length;
      return whole(
        made + (wanted === 'persistentvolumeclaims' ? claims.reduce((n, { count }) => n + count, 0) - made : 0),
      );
    }
    if (resource === 'services.nodeports' || resource === 'services.loadbalancers') {
      return whole(objects.reduce((total, object) => total + specialPorts(object, resource), 0));
    }
    const kind = Object.hasOwn(COUNTED, resource) ? COUNTED[resource] : undefined;
    return kind === undefined
      ? undefined
      : whole(objects.filter((object) => object['kind'] === kind && object['apiVersion'] === 'v1').length);
  }

  return {
    of(resource, scopes) {
      if (resource === 'pods' || resource === 'count/pods') {
        return whole(
          counted.filter((pods) => matchesScopes(pods.class, scopes)).reduce((total, { pods }) => total + pods, 0),
        );
      }
      return ofClaims(resource) ?? ofObjects(resource) ?? ofPods(resource, scopes);
    },
    silentOn(resource, scopes) {
      if (!/^(requests\.|limits\.)?(cpu|memory)$/.test(resource)) {
        return [];
      }
      return counted
        .filter((pods) => pods.pods > 0 && matchesScopes(pods.class, scopes))
        .filter(({ containers }) => containers.some((container) => readAmount(container, resource) === undefined))
        .map(({ workload }) => `${workload.kind} ${workload.name}`);
    },
  };
}

/** Defaults for containers out of a namespace's LimitRanges; the first that says something holds. */
export function containerDefaults(limitRanges: readonly JsonObject[]): ContainerDefaults {
  const items = limitRanges
    .flatMap((range) => asObjects(valueAt(range, 'spec', 'limits')))
    .filter(({ type }) => type === 'Container');
  const merged = (field: string): Amounts =>
    new Map(items.toReversed().flatMap((item) => [...readAmounts(item[field])]));
  return { requests: merged('defaultRequest'), limits: merged('default') };
}

/** As the API server fills it in: a request that is not said is the limit, then come the namespace's defaults. */
function withDefaults(container: JsonObject, defaults: ContainerDefaults): ContainerAmounts {
  const { requests, limits } = containerAmounts(container);
  return {
    requests: new Map([...defaults.requests, ...limits, ...requests]),
    limits: new Map([...defaults.limits, ...limits]),
  };
}

function countPods(workload: ManifestWorkload, nodes: readonly NodeFacts[], defaults: ContainerDefaults): CountedPods {
  const { podSpec } = workload;
  const read = (container: JsonObject) => withDefaults(container, defaults);
  const containers = [...asObjects(podSpec['containers']), ...asObjects(podSpec['initContainers'])].map(read);
  const isBestEffort = containers.every(({ requests, limits }) => saysNothing(requests) && saysNothing(limits));
  return {
    workload,
    pods: podsAtOnce(workload, nodes),
    containers,
    amounts: {
      requests: podAmounts(podSpec, (container) => read(container).requests),
      limits: podAmounts(podSpec, (container) => read(container).limits),
    },
    class: {
      isBestEffort,
      isTerminating: typeof podSpec['activeDeadlineSeconds'] === 'number',
      priorityClass: asString(podSpec['priorityClassName']),
    },
  };
}

function saysNothing(amounts: Amounts): boolean {
  return !['cpu', 'memory'].some((name) => (amounts.get(name)?.numerator ?? 0n) > 0n);
}

function readAmount({ requests, limits }: ContainerAmounts, resource: string): Quantity | undefined {
  if (resource.startsWith('limits.')) {
    return limits.get(resource.slice('limits.'.length));
  }
  return requests.get(resource.startsWith('requests.') ? resource.slice('requests.'.length) : resource);
}

function amountOf(amounts: ContainerAmounts, resource: string): Quantity {
  return readAmount(amounts, resource) ?? ZERO;
}

/** `deployments.apps`, or `services` of the core group. */
function resourceName({ apiVersion, kind }: JsonObject, pluralOf: PluralOf): string | undefined {
  const { group } = parseApiVersion(asString(apiVersion));
  const plural = pluralOf(asString(apiVersion), asString(kind));
  return plural === undefined || group === '' ? plural : `${plural}.${group}`;
}

function specialPorts(object: JsonObject, resource: 'services.nodeports' | 'services.loadbalancers'): number {
  const spec = asObject(object['spec']);
  const type = object['kind'] === 'Service' && object['apiVersion'] === 'v1' ? asString(spec['type']) : '';
  if (resource === 'services.loadbalancers') {
    return Number(type === 'LoadBalancer');
  }
  const takesNodePorts =
    type === 'NodePort' || (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
  return takesNodePorts ? asObjects(spec['ports']).length : 0;
}

function whole(count: number): Quantity {
  return { numerator: BigInt(count), denominator: 1n };
}

function sum(quantities: readonly Quantity[]): Quantity {
  return quantities.reduce(addQuantities, ZERO);
}
