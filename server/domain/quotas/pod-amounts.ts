import { asObject, asObjects, asString } from '../json/json-reading.ts';
import { isJsonObject, type JsonObject } from '../json/json.ts';
import type { Quantity } from '../kube/quantity.ts';
import { addQuantities, maxQuantity, readQuantity } from '../kube/quantity-sum.ts';

/** How much of each resource (`cpu`, `memory`, `nvidia.com/gpu`, …). */
export type Amounts = ReadonlyMap<string, Quantity>;

/** What one container, or a pod, asks for. */
export type ContainerAmounts = { requests: Amounts; limits: Amounts };

/** What the cluster fills into pods that do not say. */
export type PodDefaults = {
  /** Of the namespace's LimitRanges, for each container. */
  container: ContainerAmounts;
  /** `overhead.podFixed` by the name of the RuntimeClass. */
  overheads: ReadonlyMap<string, Amounts>;
};

/** A pod as a quota sees it. */
export type CountedPod = ContainerAmounts & {
  /** Each container, init containers among them, with what was filled in. */
  containers: ContainerAmounts[];
  /** Whether the pod as a whole says what it takes (`spec.resources`): its containers need not, then. */
  isPodLevel: boolean;
  isBestEffort: boolean;
};

/** Resources of which a pod may say how much it takes as a whole; hugepages of every size beside them. */
const POD_LEVEL = new Set(['cpu', 'memory']);
const HUGEPAGES = 'hugepages-';
const NOTHING: Amounts = new Map();
const NO_DEFAULTS: ContainerAmounts = { requests: NOTHING, limits: NOTHING };

/** A map of quantities, as `resources.requests` and `spec.hard` hold it; what is no quantity counts as not said. */
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

/** What a pod takes by its manifest alone. */
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
 * What a pod takes as the cluster counts it: the API server takes a limit for the request that is not said, LimitRanges
 * fill in what is left, then come the pod's own `resources` and the overhead of its RuntimeClass (`PodRequests` and
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
    isBestEffort: judged.every((amounts) => saysNothing(amounts.requests) && saysNothing(amounts.limits)),
  };
}

function statedAmounts(container: JsonObject): ContainerAmounts {
  const resources = asObject(container['resources']);
  return { requests: readAmounts(resources['requests']), limits: readAmounts(resources['limits']) };
}

/** As the API server fills it in before it asks anybody. */
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

/** What is not said of a pod with limits: what its containers ask for (hugepages apart), then the limit. */
function podLevelRequests(podSpec: JsonObject, { requests, limits }: ContainerAmounts): Amounts {
  const asked = aggregate(podSpec, (container) => withOwnDefaults(statedAmounts(container)).requests);
  const shared = [...asked].filter(([name]) => POD_LEVEL.has(name));
  return new Map([...limits, ...shared, ...requests]);
}

/**
 * What the containers take at most at one time. Init containers run one after the other, each beside the sidecars
 * (`restartPolicy: Always`) that were started before it; sidecars stay.
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

/** A limit that is not there stays so: the pod has none. */
function addToNonZero(limits: Amounts, overhead: Amounts): Amounts {
  const counts = new Map([...overhead].filter(([name]) => (limits.get(name)?.numerator ?? 0n) !== 0n));
  return addAmounts(limits, counts);
}

function saysNothing(amounts: Amounts): boolean {
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

/** For pods into which nothing is filled in. */
export const NO_POD_DEFAULTS: PodDefaults = { container: NO_DEFAULTS, overheads: new Map() };
