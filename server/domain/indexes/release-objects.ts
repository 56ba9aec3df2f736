import type { ClusterView } from '../kube/cluster-view.ts';
import { type KubeObject, objectKey, type ObjectRef, refOf } from '../kube/kube-object.ts';
import type { ReleaseKey } from '../names/release-key.ts';

/** Which releases are affected by an object of the cluster. */
export type ReleaseObjects = {
  /** Stores the objects of a release, replacing the former ones; an empty list removes the release. */
  put(key: ReleaseKey, objects: readonly ObjectRef[]): void;
  /** Number of objects stored for a release. */
  countOf(key: ReleaseKey): number;
  /** The releases whose status may have changed because of this object. */
  releasesOf(object: KubeObject, view: ClusterView): ReadonlySet<ReleaseKey>;
};

const NONE: ReadonlySet<ReleaseKey> = new Set();
/** Label by which an EndpointSlice names its Service (Kubernetes). */
const SERVICE_LABEL = 'kubernetes.io/service-name';
/** A chain of owners is short (Pod, ReplicaSet, Deployment): a longer one is a loop. */
const MAX_OWNERS = 5;

/** The object itself and all its owners, nearest first. */
function withOwners(object: KubeObject, view: ClusterView): ObjectRef[] {
  const chain = [refOf(object)];
  for (let current: KubeObject | undefined = object; current !== undefined && chain.length <= MAX_OWNERS;) {
    const { ownerReferences = [], namespace = '' } = current.metadata;
    const owner = ownerReferences.find(({ controller }) => controller === true) ?? ownerReferences[0];
    if (owner === undefined) {
      break;
    }
    const ref = { apiVersion: owner.apiVersion, kind: owner.kind, namespace, name: owner.name };
    chain.push(ref);
    current = view.get(ref);
  }
  const service = object.metadata.labels?.[SERVICE_LABEL];
  if (service !== undefined) {
    chain.push({ apiVersion: 'v1', kind: 'Service', namespace: object.metadata.namespace ?? '', name: service });
  }
  return chain;
}

/** Finds the releases of objects by the manifests that contain them, their owners, or their StatefulSet. */
export function createReleaseObjects(): ReleaseObjects {
  const releases = new Map<string, Set<ReleaseKey>>();
  const noted = new Map<ReleaseKey, readonly ObjectRef[]>();

  /** A claim is named `<template>-<set>-<ordinal>`: it has no owner reference. */
  function setsOfClaim({ kind, metadata: { name, namespace = '' } }: KubeObject): ObjectRef[] {
    if (kind !== 'PersistentVolumeClaim') {
      return [];
    }
    const parts = name.replace(/-\d+$/, '').split('-');
    return parts.slice(1).map((_, index) => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      namespace,
      name: parts.slice(index + 1).join('-'),
    }));
  }

  return {
    put(key, objects) {
      if (isSame(noted.get(key) ?? [], objects)) {
        return;
      }
      for (const ref of noted.get(key) ?? []) {
        const name = objectKey(ref);
        const keys = releases.get(name);
        keys?.delete(key);
        if (keys?.size === 0) {
          releases.delete(name);
        }
      }
      if (objects.length === 0) {
        noted.delete(key);
        return;
      }
      noted.set(key, objects);
      for (const ref of objects) {
        const name = objectKey(ref);
        const keys = releases.get(name) ?? new Set();
        releases.set(name, keys.add(key));
      }
    },
    countOf: (key) => noted.get(key)?.length ?? 0,
    releasesOf(object, view) {
      const found = [...withOwners(object, view), ...setsOfClaim(object)].flatMap((ref) => [
        ...(releases.get(objectKey(ref)) ?? NONE),
      ]);
      return found.length === 0 ? NONE : new Set(found);
    },
  };
}

/** A release with thousands of objects is often written again with the same ones. */
function isSame(before: readonly ObjectRef[], after: readonly ObjectRef[]): boolean {
  return (
    before.length === after.length &&
    before.every((ref, at) => {
      const other = after[at];
      return (
        ref.name === other?.name &&
        ref.namespace === other.namespace &&
        ref.kind === other.kind &&
        ref.apiVersion === other.apiVersion
      );
    })
  );
}
