import { asNumber, asObject, asObjects, asString, asTextMap, valueAt } from './json-reading.ts';
import type { JsonObject } from './json.ts';
import { parseApiVersion } from './kube-object.ts';
import type { Quantity } from './quantity.ts';
import { readQuantity, ZERO } from './quantity-sum.ts';

/** A claim of a manifest, or one that each pod of a workload brings. */
export type ManifestClaim = { name: string; type: 'tosDisk' | 'pvc'; storageClass: string; size: Quantity };

/** A workload of a manifest. */
export type ManifestWorkload = {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';
  name: string;
  /** Its spec. */
  spec: JsonObject;
  /** The spec of its pods. */
  podSpec: JsonObject;
  /** Storage that each of its pods gets: disks of the pod first, then claim templates. */
  claims: ManifestClaim[];
  /** Generic ephemeral volumes: each pod makes a claim of each. */
  ephemeral: ManifestClaim[];
};

/** A node, as far as DaemonSets choose by it. */
export type NodeFacts = { labels: Readonly<Record<string, string>> };

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const WORKLOAD_GROUPS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  DaemonSet: ['apps', 'extensions'],
  Job: ['batch'],
};

/**
 * The workloads among the objects, in their order. `originals` are the objects as the chart rendered them: disks of the
 * original platform (`tosDisk` volumes) are read there, because what is applied has them converted (decision 38).
 */
export function manifestWorkloads(
  objects: readonly JsonObject[],
  originals: readonly JsonObject[] = objects,
): ManifestWorkload[] {
  return objects.flatMap((object) => {
    const kind = workloadKind(object);
    if (kind === undefined) {
      return [];
    }
    const name = nameOf(object);
    const original = originals.find((other) => workloadKind(other) === kind && nameOf(other) === name) ?? object;
    const templates = asObjects(valueAt(object, 'spec', 'volumeClaimTemplates'));
    return [
      {
        kind,
        name,
        spec: asObject(object['spec']),
        podSpec: asObject(valueAt(object, 'spec', 'template', 'spec')),
        claims: [...disksOf(original), ...templates.map(claimOf)],
        ephemeral: ephemeralOf(object),
      },
    ];
  });
}

/** The stand-alone claims among the objects. */
export function manifestClaims(objects: readonly JsonObject[]): ManifestClaim[] {
  return objects.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'PersistentVolumeClaim').map(claimOf);
}

/** How many pods of the workload exist at the same time: what is not said is 1, as Kubernetes has it. */
export function podsAtOnce({ kind, spec, podSpec }: ManifestWorkload, nodes: readonly NodeFacts[]): number {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
      return asNumber(spec['replicas'], 1);
    case 'Job': {
      const parallelism = spec['suspend'] === true ? 0 : asNumber(spec['parallelism'], 1);
      return Math.min(parallelism, asNumber(spec['completions'], parallelism));
    }
    case 'DaemonSet': {
      const wanted = Object.entries(asTextMap(podSpec['nodeSelector']));
      return nodes.filter((node) => wanted.every(([key, value]) => node.labels[key] === value)).length;
    }
    default:
      return kind satisfies never;
  }
}

function workloadKind({ apiVersion, kind }: JsonObject): ManifestWorkload['kind'] | undefined {
  const { group } = parseApiVersion(asString(apiVersion));
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return WORKLOAD_GROUPS[kind]?.includes(group) === true ? kind : undefined;
    default:
      return undefined;
  }
}

function nameOf(object: JsonObject): string {
  return asString(valueAt(object, 'metadata', 'name'));
}

function disksOf(object: JsonObject): ManifestClaim[] {
  return asObjects(valueAt(object, 'spec', 'template', 'spec', 'volumes'))
    .filter((volume) => 'tosDisk' in volume)
    .map((volume) => {
      const disk = asObject(volume['tosDisk']);
      return {
        name: asString(disk['name']) || asString(volume['name']),
        type: 'tosDisk',
        storageClass: asString(disk['storageType']),
        size: readQuantity(disk['capability']) ?? ZERO,
      };
    });
}

function ephemeralOf(object: JsonObject): ManifestClaim[] {
  return asObjects(valueAt(object, 'spec', 'template', 'spec', 'volumes')).flatMap((volume) => {
    const template = asObject(valueAt(volume, 'ephemeral', 'volumeClaimTemplate'));
    return 'spec' in template ? [{ ...claimOf(template), name: asString(volume['name']) }] : [];
  });
}

function claimOf(claim: JsonObject): ManifestClaim {
  const annotation = asString(valueAt(claim, 'metadata', 'annotations', CLASS_ANNOTATION));
  return {
    name: nameOf(claim),
    type: 'pvc',
    storageClass: asString(valueAt(claim, 'spec', 'storageClassName')) || annotation,
    size: readQuantity(valueAt(claim, 'spec', 'resources', 'requests', 'storage')) ?? ZERO,
  };
}
