import { asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import { groupKind, parseApiVersion } from '../kube/kube-object.ts';
import type { NodeFacts } from './daemon-nodes.ts';
import {
  classOf,
  type ManifestClaim,
  manifestClaims,
  type ManifestWorkload,
  manifestWorkloads,
  podsAtOnce,
} from './manifest-workloads.ts';
import {
  type Amounts,
  type ContainerAmounts,
  type CountedPod,
  countedPod,
  type PodDefaults,
  readAmounts,
} from './pod-amounts.ts';
import { addQuantities, timesQuantity, ZERO } from '../kube/quantity-sum.ts';
import type { Quantity } from '../kube/quantity.ts';
import { finishedPods } from './staying-hooks.ts';
import { hasForeignAffinity, matchesScopes, type PodClass, type QuotaScope } from './quota-scopes.ts';

/** The resources that a manifest needs, as quotas count them. */
export type QuotaNeeds = {
  /** The amount of a quota's resource (`requests.cpu`, `pods`, `count/deployments.apps`, …). */
  of(resource: string, scopes: readonly QuotaScope[]): Quantity;
  /** Workloads with a container without a value for a compute resource: a quota on it refuses their pods. */
  silentOn(resource: string, scopes: readonly QuotaScope[]): string[];
};

/** Plural of a kind as the cluster serves it (`deployments`); undefined if it is not served. */
export type PluralOf = (apiVersion: string, kind: string) => string | undefined;

/** Properties of the cluster that affect how a manifest counts for a namespace's quotas. */
export type QuotaWorld = {
  nodes: readonly NodeFacts[];
  podDefaults: PodDefaults;
  /** PriorityClass of pods that name none; empty: none. */
  defaultPriorityClass: string;
  /** Class of claims that name none; empty: none. */
  defaultStorageClass: string;
  pluralOf: PluralOf;
};

type CountedPods = { workload: ManifestWorkload; pods: number; each: CountedPod; class: PodClass };

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
 * The amounts by which objects of one namespace count for its quotas: pods with the cluster's defaults, claims
 * (including those of ephemeral volumes), the objects themselves, and objects that controllers create from them.
 * `finished` are Pods and Jobs that have ended: only the objects count.
 */
export function quotaNeeds(
  objects: readonly JsonObject[],
  world: QuotaWorld,
  finished: readonly JsonObject[] = [],
): QuotaNeeds {
  const counted = manifestWorkloads(objects).map((workload) => countPods(workload, world));
  const claims: { claim: ManifestClaim; count: number }[] = [
    ...manifestClaims(objects).map((claim) => ({ claim, count: 1 })),
    ...counted.flatMap(({ workload, pods }) =>
      [...workload.claims, ...workload.ephemeral].map((claim) => ({ claim, count: pods })),
    ),
  ];

  const madeClaims = claims.reduce((n, { count }) => n + count, 0) - manifestClaims(objects).length;

  function ofPods(resource: string, scopes: readonly QuotaScope[]): Quantity {
    return sum(
      counted
        .filter((pods) => matchesScopes(pods.class, scopes))
        .map(({ pods, each }) => timesQuantity(readAmount(each, resource) ?? ZERO, pods)),
    );
  }

  function ofClaims(resource: string): Quantity | undefined {
    const at = resource.indexOf(CLASS_SUFFIX);
    const storageClass = at < 0 ? undefined : resource.slice(0, at);
    const measure = at < 0 ? resource : resource.slice(at + CLASS_SUFFIX.length);
    if (measure !== 'requests.storage' && measure !== 'persistentvolumeclaims') {
      return undefined;
    }
    const chosen = claims.filter(
      ({ claim }) => storageClass === undefined || classOf(claim, world.defaultStorageClass) === storageClass,
    );
    return measure === 'persistentvolumeclaims'
      ? whole(chosen.reduce((total, { count }) => total + count, 0))
      : sum(chosen.map(({ claim, count }) => timesQuantity(wholeUnits(claim.size), count)));
  }

  function ofObjects(resource: string): Quantity | undefined {
    if (resource.startsWith('count/')) {
      return whole(countOf(resource.slice('count/'.length)));
    }
    if (resource === 'services.nodeports' || resource === 'services.loadbalancers') {
      return whole(objects.reduce((total, object) => total + specialPorts(object, resource), 0));
    }
    const kind = Object.hasOwn(COUNTED, resource) ? COUNTED[resource] : undefined;
    return kind === undefined
      ? undefined
      : whole(objects.filter((object) => object['kind'] === kind && object['apiVersion'] === 'v1').length);
  }

  /** Number of objects of a kind, such as `deployments.apps`, including those that controllers create. */
  function countOf(kind: string): number {
    const given = [...objects, ...finished].filter((object) => resourceName(object, world.pluralOf) === kind).length;
    const made = objects.filter((object) => madeOf(object).includes(kind)).length;
    return given + made + (kind === 'persistentvolumeclaims' ? madeClaims : 0);
  }

  return {
    of(resource, scopes) {
      if (resource === 'pods' || resource === 'count/pods') {
        const running = counted.filter((pods) => matchesScopes(pods.class, scopes));
        const ended = resource === 'pods' ? 0 : finished.reduce((total, object) => total + finishedPods(object), 0);
        return whole(running.reduce((total, { pods }) => total + pods, ended));
      }
      return ofClaims(resource) ?? ofObjects(resource) ?? ofPods(resource, scopes);
    },
    silentOn(resource, scopes) {
      if (!/^(requests\.|limits\.)?(cpu|memory)$/.test(resource)) {
        return [];
      }
      return counted
        .filter((pods) => pods.pods > 0 && matchesScopes(pods.class, scopes))
        .filter(({ each }) => !each.isPodLevel)
        .filter(({ each }) => each.containers.some((container) => readAmount(container, resource) === undefined))
        .map(({ workload }) => `${workload.kind} ${workload.name}`);
    },
  };
}

/** Defaults for containers from a namespace's LimitRanges; the first that defines a value counts. */
export function containerDefaults(limitRanges: readonly JsonObject[]): ContainerAmounts {
  const items = limitRanges
    .flatMap((range) => asObjects(valueAt(range, 'spec', 'limits')))
    .filter(({ type }) => type === 'Container');
  const merged = (field: string): Amounts =>
    new Map(items.toReversed().flatMap((item) => [...readAmounts(item[field])]));
  return { requests: merged('defaultRequest'), limits: merged('default') };
}

function countPods(workload: ManifestWorkload, world: QuotaWorld): CountedPods {
  const { podSpec } = workload;
  const each = countedPod(podSpec, world.podDefaults);
  return {
    workload,
    pods: podsAtOnce(workload, world.nodes),
    each,
    class: {
      isBestEffort: each.isBestEffort,
      isTerminating: typeof podSpec['activeDeadlineSeconds'] === 'number',
      priorityClass: asString(podSpec['priorityClassName']) || world.defaultPriorityClass,
      hasForeignAffinity: hasForeignAffinity(podSpec),
    },
  };
}

/**
 * What controllers create from an object at once, by quota resource. Pods and claims are counted separately, and a new
 * revision of a template adds one more.
 */
function madeOf({ apiVersion, kind, spec }: JsonObject): readonly string[] {
  switch (groupKind(asString(apiVersion), asString(kind))) {
    case 'Deployment.apps':
      return ['replicasets.apps'];
    case 'StatefulSet.apps':
    case 'DaemonSet.apps':
      return ['controllerrevisions.apps'];
    case 'Service':
      return isJsonObject(valueAt(spec, 'selector')) ? ['endpoints', 'endpointslices.discovery.k8s.io'] : [];
    default:
      return [];
  }
}

/** Storage is counted in whole bytes, per claim. */
function wholeUnits({ numerator, denominator }: Quantity): Quantity {
  return { numerator: (numerator + denominator - 1n) / denominator, denominator: 1n };
}

function readAmount({ requests, limits }: ContainerAmounts, resource: string): Quantity | undefined {
  if (resource.startsWith('limits.')) {
    return limits.get(resource.slice('limits.'.length));
  }
  return requests.get(resource.startsWith('requests.') ? resource.slice('requests.'.length) : resource);
}

/** `deployments.apps`, or `services` of the core group. */
export function resourceName({ apiVersion, kind }: JsonObject, pluralOf: PluralOf): string | undefined {
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
  const ports = asObjects(spec['ports']);
  switch (type) {
    case 'NodePort':
      return ports.length;
    case 'LoadBalancer':
      return spec['allocateLoadBalancerNodePorts'] === false
        ? ports.filter(({ nodePort }) => typeof nodePort === 'number' && nodePort !== 0).length
        : ports.length;
    default:
      return 0;
  }
}

function whole(count: number): Quantity {
  return { numerator: BigInt(count), denominator: 1n };
}

function sum(quantities: readonly Quantity[]): Quantity {
  return quantities.reduce(addQuantities, ZERO);
}
