import { asObject, asObjects, asString } from '../json/json-reading.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import type { Quantity } from '../kube/quantity.ts';
import { addQuantities, maxQuantity, readQuantity } from '../kube/quantity-sum.ts';

/** How much of each resource (`cpu`, `memory`, `nvidia.com/gpu`, …). */
export type Amounts = ReadonlyMap<string, Quantity>;

/** The requests and limits of one container, or a pod. */
export type ContainerAmounts = { requests: Amounts; limits: Amounts };

/** The defaults that the cluster applies to pods. */
export type PodDefaults = {
  /** From the namespace's LimitRanges, per container. */
  container: ContainerAmounts;
  /** `overhead.podFixed` by the name of the RuntimeClass. */
  overheads: ReadonlyMap<string, Amounts>;
};

/** A pod as a quota counts it. */
export type CountedPod = ContainerAmounts & {
  /** Each container, including init containers, with defaults applied. */
  containers: ContainerAmounts[];
  /** Whether the pod as a whole has resources (`spec.resources`): then its containers need none. */
  isPodLevel: boolean;
  isBestEffort: boolean;
};

/** Resources that a pod may declare as a whole, besides hugepages of every size. */
const POD_LEVEL = new Set(['cpu', 'memory']);
const HUGEPAGES = 'hugepages-';
const NOTHING: Amounts = new Map();
const NO_DEFAULTS: ContainerAmounts = { requests: NOTHING, limits: NOTHING };

/** A map of quantities, as in `resources.requests` and `spec.hard`; an invalid quantity counts as absent. */
export function readAmounts(value: JsonObject[string] | undefined): Amounts {
  const entries = Object.entries(asObject(value)).flatMap(([name, text]): [string, Quantity][] => {
    const quantity = readQuantity(text);
    return quantity === undefined ? [] : [[name, quantity]];
  });
  return new Map(entries);
}

/** Per resource, the sum of both. */
export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, addQuantities);
}

/** The resources of a pod according to its manifest only. */
export function statedPod(podSpec: JsonObject): ContainerAmounts {
  const level = podLevel(podSpec);
  const overhead = readAmounts(podSpec['overhead']);
  const requests = override(
    aggregate(podSpec, (container) => statedAmounts(container).requests),
    level.requests,
  );
  const limits = override(
    aggregate(podSpec, (container) => statedAmounts(container).limits),
    level.limits,
  );
  return { requests: addAmounts(requests, overhead), limits: addToNonZero(limits, overhead) };
}

/**
 * The resources of a pod as the cluster counts them: the API server uses a limit for a missing request, LimitRanges
 * provide further defaults, then come the pod's own `resources` and the overhead of its RuntimeClass (`PodRequests` and
 * `PodLimits` of k8s.io/component-helpers/resource; `SetDefaults_Pod`).
 */
export function countedPod(podSpec: JsonObject, defaults: PodDefaults): CountedPod {
  const read = (container: JsonObject) => withDefaults(withOwnDefaults(statedAmounts(container)), defaults.container);
  const said = podLevel(podSpec);
  const level = said.limits.size > 0 ? { ...said, requests: podLevelRequests(podSpec, said) } : said;
  const overhead =
    'overhead' in podSpec
      ? readAmounts(podSpec['overhead'])
      : (defaults.overheads.get(asString(podSpec['runtimeClassName'])) ?? NOTHING);
  const containers = [...asObjects(podSpec['containers']), ...asObjects(podSpec['initContainers'])].map(read);
  const requests = override(
    aggregate(podSpec, (container) => read(container).requests),
    level.requests,
  );
  const limits = override(
    aggregate(podSpec, (container) => read(container).limits),
    level.limits,
  );
  const judged = isJsonObject(podSpec['resources']) ? [level] : containers;
  return {
    requests: addAmounts(requests, overhead),
    limits: addToNonZero(limits, overhead),
    containers,
    isPodLevel: level.requests.size + level.limits.size > 0,
    isBestEffort: judged.every((amounts) => isEmpty(amounts.requests) && isEmpty(amounts.limits)),
  };
}

function statedAmounts(container: JsonObject): ContainerAmounts {
  const resources = asObject(container['resources']);
  return { requests: readAmounts(resources['requests']), limits: readAmounts(resources['limits']) };
}

/** The defaults that the API server applies before admission. */
function withOwnDefaults({ requests, limits }: ContainerAmounts): ContainerAmounts {
  return { requests: new Map([...limits, ...requests]), limits };
}

function withDefaults({ requests, limits }: ContainerAmounts, defaults: ContainerAmounts): ContainerAmounts {
  return {
    requests: new Map([...defaults.requests, ...requests]),
    limits: new Map([...defaults.limits, ...limits]),
  };
}

/** `spec.resources`, as far as pods may have them. */
function podLevel(podSpec: JsonObject): ContainerAmounts {
  const { requests, limits } = statedAmounts(podSpec);
  const supported = (amounts: Amounts) =>
    new Map([...amounts].filter(([name]) => POD_LEVEL.has(name) || name.startsWith(HUGEPAGES)));
  return { requests: supported(requests), limits: supported(limits) };
}

/** Missing requests of a pod with limits: the requests of its containers (except hugepages), then the limit. */
function podLevelRequests(podSpec: JsonObject, { requests, limits }: ContainerAmounts): Amounts {
  const asked = aggregate(podSpec, (container) => withOwnDefaults(statedAmounts(container)).requests);
  const shared = [...asked].filter(([name]) => POD_LEVEL.has(name));
  return new Map([...limits, ...shared, ...requests]);
}

/**
 * The maximum that the containers use at one time. Init containers run one after the other, each together with the
 * sidecars (`restartPolicy: Always`) started before it; sidecars keep running.
 */
function aggregate(podSpec: JsonObject, read: (container: JsonObject) => Amounts): Amounts {
  let running: Amounts = asObjects(podSpec['containers']).map(read).reduce(addAmounts, NOTHING);
  let sidecars: Amounts = NOTHING;
  let max: Amounts = NOTHING;
  for (const container of asObjects(podSpec['initContainers'])) {
    const beside = addAmounts(sidecars, read(container));
    if (container['restartPolicy'] === 'Always') {
      running = addAmounts(running, read(container));
      sidecars = beside;
    }
    max = combine(max, beside, maxQuantity);
  }
  return combine(running, max, maxQuantity);
}

function override(amounts: Amounts, level: Amounts): Amounts {
  return new Map([...amounts, ...level]);
}

/** A missing limit stays missing: the pod has none. */
function addToNonZero(limits: Amounts, overhead: Amounts): Amounts {
  const counts = new Map([...overhead].filter(([name]) => (limits.get(name)?.numerator ?? 0n) !== 0n));
  return addAmounts(limits, counts);
}

function isEmpty(amounts: Amounts): boolean {
  return !['cpu', 'memory'].some((name) => (amounts.get(name)?.numerator ?? 0n) > 0n);
}

function combine(a: Amounts, b: Amounts, join: (x: Quantity, y: Quantity) => Quantity): Amounts {
  const joined = new Map(a);
  for (const [name, quantity] of b) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? quantity : join(before, quantity));
  }
  return joined;
}

/** For pods without defaults of the cluster. */
export const NO_POD_DEFAULTS: PodDefaults = { container: NO_DEFAULTS, overheads: new Map() };
