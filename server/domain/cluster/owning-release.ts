import type { ClusterView } from '../kube/cluster-view.ts';
import { markOf } from '../kube/helm-owner.ts';
import type { KubeObject } from '../kube/kube-object.ts';

/** A chain of owners is short (Pod, ReplicaSet, Deployment): a longer one is a loop. */
const MAX_OWNERS = 5;
/** Parts of the name of a claim, any of which may begin the name of its StatefulSet. */
const MAX_PARTS = 32;

/**
 * The release of an object's namespace that it belongs to, as Helm marked it, its owners, or the StatefulSet that made a
 * claim; null if there is none. What it says is not proof: an editor of the namespace can mark any object.
 */
export function owningRelease(object: KubeObject, view: Pick<ClusterView, 'get'>): string | null {
  const { namespace = '' } = object.metadata;
  let current: KubeObject | undefined = object;
  for (let steps = 0; current !== undefined && steps <= MAX_OWNERS; steps += 1) {
    const marked = markedRelease(current, namespace);
    if (marked !== null) {
      return marked;
    }
    current = ownerOf(current, namespace, view);
  }
  return object.kind === 'PersistentVolumeClaim' ? releaseOfSet(object.metadata.name, namespace, view) : null;
}

function ownerOf(
  { metadata: { ownerReferences = [] } }: KubeObject,
  namespace: string,
  view: Pick<ClusterView, 'get'>,
): KubeObject | undefined {
  const owner = ownerReferences.find(({ controller }) => controller === true) ?? ownerReferences[0];
  return owner && view.get({ apiVersion: owner.apiVersion, kind: owner.kind, namespace, name: owner.name });
}

/** A claim of a StatefulSet is named `<template>-<set>-<ordinal>`, and has no owner. */
function releaseOfSet(claim: string, namespace: string, view: Pick<ClusterView, 'get'>): string | null {
  const parts = claim.replace(/-\d+$/, '').split('-').slice(0, MAX_PARTS);
  for (let at = 1; at < parts.length; at += 1) {
    const name = parts.slice(at).join('-');
    const set = view.get({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name });
    const marked = set === undefined ? null : markedRelease(set, namespace);
    if (marked !== null) {
      return marked;
    }
  }
  return null;
}

/** The release of this namespace that an object is marked as belonging to. */
function markedRelease(object: KubeObject, namespace: string): string | null {
  const { namespace: marked, name = '' } = markOf(object);
  return name !== '' && marked === namespace ? name : null;
}
