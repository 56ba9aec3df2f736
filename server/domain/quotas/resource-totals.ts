import type {
  OtherTotals,
  PodTotals,
  ReleaseTotals,
  StorageTotals,
  TotalSum,
} from '../../../contract/schemas/resource-totals.ts';
import { asNumber, asTextMap, orNull } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { coresOf, type Quantity } from '../kube/quantity.ts';
import { addQuantities, floorOf, timesQuantity, UNIT, ZERO } from '../kube/quantity-sum.ts';
import {
  classOf,
  type ManifestClaim,
  manifestClaims,
  type ManifestWorkload,
  manifestWorkloads,
  podsAtOnce,
} from './manifest-workloads.ts';
import { addAmounts, type Amounts, countedPod, statedPod } from './pod-amounts.ts';
import type { QuotaWorld } from './quota-needs.ts';

/** Objects of a manifest as they are applied, and as the chart rendered them. */
export type TotalledManifest = { objects: readonly JsonObject[]; originals?: readonly JsonObject[] };

/** The part of a manifest in one namespace, with what decides there how it counts. */
export type TotalledNamespace = Pick<TotalledManifest, 'objects'> & { world: Omit<QuotaWorld, 'pluralOf'> };

/**
 * The requested resources according to the manifest alone, in the original Walm's format: per kind, null if there are
 * none. Cores, Mi and Gi, memory and storage rounded down; per pod the maximum that its containers use at one time;
 * `storage` is reported with the requests only. Defaults of the cluster are only in `totalSum`.
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
    others: orNull(workloads.flatMap(tellOther)),
    pvcs: orNull(manifestClaims(objects).map(tellClaim)),
  };
}

/**
 * The total of all namespaces, as quotas count it: all concurrent pods with the cluster's defaults, and all claims.
 * Summed exactly, rounded at the end.
 */
export function totalSum(parts: readonly TotalledNamespace[]): TotalSum {
  let pods = 0;
  let requests: Amounts = new Map();
  let limits: Amounts = new Map();
  const storage = new Map<string, Quantity>();

  for (const { objects, world } of parts) {
    const store = (claim: ManifestClaim, count: number) => {
      const storageClass = classOf(claim, world.defaultStorageClass);
      storage.set(storageClass, addQuantities(storage.get(storageClass) ?? ZERO, timesQuantity(claim.size, count)));
    };
    for (const workload of manifestWorkloads(objects)) {
      const count = podsAtOnce(workload, world.nodes);
      const each = countedPod(workload.podSpec, world.podDefaults);
      pods += count;
      requests = addAmounts(requests, times(each.requests, count));
      limits = addAmounts(limits, times(each.limits, count));
      [...workload.claims, ...workload.ephemeral].forEach((claim) => store(claim, count));
    }
    manifestClaims(objects).forEach((claim) => store(claim, 1));
  }
  return {
    pods,
    requests: compute(requests),
    limits: compute(limits),
    storage: [...storage]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([storageClass, size]) => ({ storageClass, size: floorOf(size, UNIT.gi) })),
  };
}

function tellOther(workload: ManifestWorkload): OtherTotals[] {
  switch (workload.kind) {
    case 'ReplicaSet':
    case 'ReplicationController':
      return [{ kind: workload.kind, replicas: asNumber(workload.spec['replicas'], 1), ...podsOf(workload) }];
    case 'Pod':
      return [{ kind: workload.kind, replicas: 1, ...podsOf(workload) }];
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return [];
    default:
      return workload.kind satisfies never;
  }
}

function podsOf(workload: ManifestWorkload): { name: string; podRequests: PodTotals; podLimits: PodTotals } {
  const { requests, limits } = statedPod(workload.podSpec);
  return {
    name: workload.name,
    podRequests: { ...compute(requests), storage: workload.claims.map(tellClaim) },
    podLimits: { ...compute(limits), storage: null },
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
