import type { PodTotals, ReleaseTotals, StorageTotals, TotalSum } from '../../contract/resource-totals.ts';
import { asNumber, asTextMap } from './json-reading.ts';
import type { JsonObject } from './json.ts';
import {
  type ManifestClaim,
  manifestClaims,
  type ManifestWorkload,
  manifestWorkloads,
  type NodeFacts,
  podsAtOnce,
} from './manifest-workloads.ts';
import { addAmounts, type Amounts, containerAmounts, podAmounts } from './pod-amounts.ts';
import { coresOf, type Quantity } from './quantity.ts';
import { addQuantities, floorOf, timesQuantity, UNIT, ZERO } from './quantity-sum.ts';

/** Objects of a manifest as they are applied, and as the chart rendered them. */
export type TotalledManifest = { objects: readonly JsonObject[]; originals?: readonly JsonObject[] };

/**
 * What the workloads and claims of a manifest ask for, as the original Walm told it: per kind, null where there are
 * none. Cores, Mi and Gi, memory and storage rounded down; per pod the sum of the containers, at least each init
 * container; `storage` is told with the requests only.
 */
export function resourceTotals({ objects, originals }: TotalledManifest): Omit<ReleaseTotals, 'total' | 'quota'> {
  const workloads = manifestWorkloads(objects, originals);
  const of = <T>(kind: ManifestWorkload['kind'], tell: (workload: ManifestWorkload) => T) =>
    orNull(workloads.filter((workload) => workload.kind === kind).map(tell));
  const replicated = (workload: ManifestWorkload) => ({
    replicas: asNumber(workload.spec['replicas']),
    ...podsOf(workload),
  });
  return {
    deployments: of('Deployment', replicated),
    statefulSets: of('StatefulSet', replicated),
    daemonSets: of('DaemonSet', (workload) => ({ nodeSelector: nodeSelectorOf(workload), ...podsOf(workload) })),
    jobs: of('Job', (workload) => ({
      parallelism: asNumber(workload.spec['parallelism']),
      completions: asNumber(workload.spec['completions']),
      ...podsOf(workload),
    })),
    pvcs: orNull(manifestClaims(objects).map(tellClaim)),
  };
}

/** Everything together: every pod that runs at the same time, and every claim. Summed exactly, rounded at the end. */
export function totalSum({ objects, originals }: TotalledManifest, nodes: readonly NodeFacts[]): TotalSum {
  let pods = 0;
  let requests: Amounts = new Map();
  let limits: Amounts = new Map();
  const storage = new Map<string, Quantity>();
  const store = ({ storageClass, size }: ManifestClaim, count: number) =>
    storage.set(storageClass, addQuantities(storage.get(storageClass) ?? ZERO, timesQuantity(size, count)));

  for (const workload of manifestWorkloads(objects, originals)) {
    const count = podsAtOnce(workload, nodes);
    const each = podCompute(workload);
    pods += count;
    requests = addAmounts(requests, times(each.requests, count));
    limits = addAmounts(limits, times(each.limits, count));
    workload.claims.forEach((claim) => store(claim, count));
  }
  manifestClaims(objects).forEach((claim) => store(claim, 1));
  return {
    pods,
    requests: compute(requests),
    limits: compute(limits),
    storage: [...storage]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([storageClass, size]) => ({ storageClass, size: floorOf(size, UNIT.gi) })),
  };
}

function podsOf(workload: ManifestWorkload): { name: string; podRequests: PodTotals; podLimits: PodTotals } {
  const { requests, limits } = podCompute(workload);
  return {
    name: workload.name,
    podRequests: { ...compute(requests), storage: workload.claims.map(tellClaim) },
    podLimits: { ...compute(limits), storage: null },
  };
}

function podCompute({ podSpec }: ManifestWorkload): { requests: Amounts; limits: Amounts } {
  return {
    requests: podAmounts(podSpec, (container) => containerAmounts(container).requests),
    limits: podAmounts(podSpec, (container) => containerAmounts(container).limits),
  };
}

function compute(amounts: Amounts): { cpu: number; memory: number } {
  return {
    cpu: coresOf(amounts.get('cpu') ?? ZERO),
    memory: floorOf(amounts.get('memory') ?? ZERO, UNIT.mi),
  };
}

function times(amounts: Amounts, count: number): Amounts {
  return new Map([...amounts].map(([name, quantity]) => [name, timesQuantity(quantity, count)]));
}

function tellClaim({ name, type, storageClass, size }: ManifestClaim): StorageTotals {
  return { name, type, storageClass, size: floorOf(size, UNIT.gi) };
}

function nodeSelectorOf({ podSpec }: ManifestWorkload): Record<string, string> | null {
  const selector = asTextMap(podSpec['nodeSelector']);
  return Object.keys(selector).length === 0 ? null : selector;
}

function orNull<T>(items: T[]): T[] | null {
  return items.length === 0 ? null : items;
}
