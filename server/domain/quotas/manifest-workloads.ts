import { type NodeFacts, runsOn } from './daemon-nodes.ts';
import { asNumber, asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { parseApiVersion } from '../kube/kube-object.ts';
import type { Quantity } from '../kube/quantity.ts';
import { readQuantity, ZERO } from '../kube/quantity-sum.ts';

/** A claim of a manifest, or one that is created for each pod of a workload. */
export type ManifestClaim = {
  name: string;
  type: 'tosDisk' | 'pvc';
  /** Empty: none is given. */
  storageClass: string;
  /** Whether the default class of the cluster applies; it does not if the claim explicitly requests no class. */
  takesDefaultClass: boolean;
  size: Quantity;
};

/** Kinds that create pods as soon as they exist. */
export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'Job'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'Pod';

/** A workload of a manifest. */
export type ManifestWorkload = {
  kind: WorkloadKind;
  name: string;
  /** The spec of the workload. */
  spec: JsonObject;
  /** The spec of its pods. */
  podSpec: JsonObject;
  /** Storage of each pod: disks of the pod first, then claim templates. */
  claims: ManifestClaim[];
  /** Generic ephemeral volumes: each pod creates a claim for each. */
  ephemeral: ManifestClaim[];
};

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const WORKLOAD_GROUPS: Readonly<Record<WorkloadKind, readonly string[]>> = {
  Deployment: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  DaemonSet: ['apps', 'extensions'],
  Job: ['batch'],
  ReplicaSet: ['apps', 'extensions'],
  ReplicationController: [''],
  Pod: [''],
};

/**
 * The workloads among the objects, in order. `originals` are the objects as the chart rendered them: disks of the
 * original platform (`tosDisk` volumes) are read from those, because they are converted before they are applied
 * (decision 38: withdrawn API versions).
 */
export function manifestWorkloads(
  objects: readonly JsonObject[],
  originals: readonly JsonObject[] = objects,
): ManifestWorkload[] {
  const asRendered = new Map(originals.map((object) => [`${workloadKind(object)} ${nameOf(object)}`, object]));
  return objects.flatMap((object) => {
    const kind = workloadKind(object);
    if (kind === undefined) {
      return [];
    }
    const name = nameOf(object);
    const templates = asObjects(valueAt(object, 'spec', 'volumeClaimTemplates'));
    return [
      {
        kind,
        name,
        spec: asObject(object['spec']),
        podSpec: podSpecOf(object),
        claims: [...disksOf(asRendered.get(`${kind} ${name}`) ?? object), ...templates.map(claimOf)],
        ephemeral: ephemeralOf(object),
      },
    ];
  });
}

/** The stand-alone claims among the objects. */
export function manifestClaims(objects: readonly JsonObject[]): ManifestClaim[] {
  return objects.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'PersistentVolumeClaim').map(claimOf);
}

/** The StorageClass of a claim; empty: none. */
export function classOf({ storageClass, takesDefaultClass }: ManifestClaim, defaultStorageClass: string): string {
  return takesDefaultClass ? defaultStorageClass : storageClass;
}

/** How many pods of the workload exist concurrently: the default is 1, as in Kubernetes. */
export function podsAtOnce({ kind, spec, podSpec }: ManifestWorkload, nodes: readonly NodeFacts[]): number {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'ReplicationController':
      return asCount(spec['replicas'], 1);
    case 'Job': {
      const parallelism = spec['suspend'] === true ? 0 : asCount(spec['parallelism'], 1);
      return Math.min(parallelism, asCount(spec['completions'], parallelism));
    }
    case 'DaemonSet':
      return nodes.filter((node) => runsOn(podSpec, node)).length;
    case 'Pod':
      return 1;
    default:
      return kind satisfies never;
  }
}

/** A whole number that is not negative; the cluster refuses any other before it counts. */
function asCount(value: JsonObject[string] | undefined, fallback: number): number {
  const count = asNumber(value, fallback);
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

/** The kind of an object that creates pods as soon as it exists; undefined for any other. */
export function workloadKind({ apiVersion, kind }: JsonObject): WorkloadKind | undefined {
  const { group } = parseApiVersion(asString(apiVersion));
  const known = asString(kind);
  return isWorkloadKind(known) && WORKLOAD_GROUPS[known].includes(group) ? known : undefined;
}

function isWorkloadKind(kind: string): kind is WorkloadKind {
  return Object.hasOwn(WORKLOAD_GROUPS, kind);
}

function podSpecOf(object: JsonObject): JsonObject {
  return asObject(object['kind'] === 'Pod' ? object['spec'] : valueAt(object, 'spec', 'template', 'spec'));
}

function nameOf(object: JsonObject): string {
  return asString(valueAt(object, 'metadata', 'name'));
}

function disksOf(object: JsonObject): ManifestClaim[] {
  return asObjects(podSpecOf(object)['volumes'])
    .filter((volume) => 'tosDisk' in volume)
    .map((volume) => {
      const disk = asObject(volume['tosDisk']);
      return {
        name: asString(disk['name']) || asString(volume['name']),
        type: 'tosDisk',
        storageClass: asString(disk['storageType']),
        takesDefaultClass: false,
        size: readQuantity(disk['capability']) ?? ZERO,
      };
    });
}

function ephemeralOf(object: JsonObject): ManifestClaim[] {
  return asObjects(podSpecOf(object)['volumes']).flatMap((volume) => {
    const template = asObject(valueAt(volume, 'ephemeral', 'volumeClaimTemplate'));
    return 'spec' in template ? [{ ...claimOf(template), name: asString(volume['name']) }] : [];
  });
}

function claimOf(claim: JsonObject): ManifestClaim {
  const annotation = valueAt(claim, 'metadata', 'annotations', CLASS_ANNOTATION);
  const named = annotation ?? valueAt(claim, 'spec', 'storageClassName') ?? null;
  return {
    name: nameOf(claim),
    type: 'pvc',
    storageClass: asString(named),
    takesDefaultClass: named === null,
    size: readQuantity(valueAt(claim, 'spec', 'resources', 'requests', 'storage')) ?? ZERO,
  };
}
