import { listableKinds } from '../harness/clients/cluster-snapshot.ts';
import type { ClusterObject, KubeClient } from '../harness/clients/kube-client.ts';

/** Objects by `Kind.group/version namespace/name`, as text without managed fields. */
export type Outside = ReadonlyMap<string, string>;

/** What is left out in addition to the tenant's namespace. */
export interface LeftOut {
  /** Namespaces that change by themselves: the tenant's, and those of honest users at work. */
  namespaces: ReadonlySet<string>;
  /** Bookkeeping, by line and object. */
  isBookkeeping(namespace: string, object: ClusterObject, kind: string): boolean;
}

/** Kubernetes writes these all the time. */
const RESTLESS = new Set(['Lease']);

/** Every object of every kind that the API server lists, in all namespaces except those left out. */
export async function takeOutside(kube: KubeClient, { namespaces, isBookkeeping }: LeftOut): Promise<Outside> {
  const kinds = (await listableKinds(kube)).filter(({ kind }) => !RESTLESS.has(kind));
  const found = new Map<string, string>();
  for (const { base, name, kind, groupVersion } of kinds) {
    for (const object of await kube.list(`${base}/${name}`)) {
      const { namespace = '' } = object.metadata;
      if (namespaces.has(namespace) || belongsTo(object, namespaces) || isBookkeeping(namespace, object, kind))
        continue;
      found.set(`${kind}.${groupVersion} ${namespace}/${object.metadata.name}`, textOf(object));
    }
  }
  return found;
}

/** The differences, described; empty if nothing changed. */
export function differences(before: Outside, after: Outside): string[] {
  const gone = [...before.keys()].filter((line) => !after.has(line)).map((line) => `${line} is gone`);
  const changed = [...after].flatMap(([line, text]) => {
    const earlier = before.get(line);
    if (earlier === undefined) return [`${line} is new: ${text.slice(0, 600)}`];
    return earlier === text ? [] : [`${line} was ${earlier.slice(0, 600)} and is ${text.slice(0, 600)}`];
  });
  return [...gone, ...changed].toSorted();
}

/**
 * Cluster-wide objects that Kubernetes creates for the content of a namespace: volumes of claims, addresses of
 * Services.
 */
function belongsTo({ metadata, ...rest }: ClusterObject, namespaces: ReadonlySet<string>): boolean {
  if (metadata.namespace !== undefined) return false;
  const spec = (rest['spec'] ?? {}) as { claimRef?: { namespace?: string }; parentRef?: { namespace?: string } };
  return namespaces.has(spec.claimRef?.namespace ?? '') || namespaces.has(spec.parentRef?.namespace ?? '');
}

function textOf(object: ClusterObject): string {
  const { managedFields: _, ...metadata } = object.metadata as ClusterObject['metadata'] & { managedFields?: unknown };
  return JSON.stringify({ ...object, metadata });
}
