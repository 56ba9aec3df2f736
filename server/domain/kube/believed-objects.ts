import type { ClusterView } from './cluster-view.ts';
import { type KubeObject, type ObjectRef, refOf } from './kube-object.ts';

/** The facts that decide about which objects a release is believed. */
export type BelievedRecord = { namespace: string; objects: readonly ObjectRef[] };

/**
 * Whether a release is believed about an object. Anyone who may edit a namespace can write any manifest into it, so
 * what a manifest names in other namespaces is not trusted.
 */
export function isBelieved(
  { namespace }: Pick<BelievedRecord, 'namespace'>,
  ref: Pick<ObjectRef, 'namespace'>,
): boolean {
  return ref.namespace === namespace;
}

/** The objects that a release is believed about, in order. */
export function believedObjects(record: BelievedRecord): ObjectRef[] {
  return record.objects.filter((ref) => isBelieved(record, ref));
}

/** The view of the cluster, and which objects of a release are outside of what it is believed about. */
export type BelievedView = ClusterView & { isElsewhere(ref: ObjectRef): boolean };

/**
 * The part of the cluster that may be shown for a release: its own namespace, and objects elsewhere that `seen` allows,
 * for callers who may read them there. Everything else is hidden, neither awaited nor reported: no caller learns whether
 * another user's object exists, or is ready.
 */
export function believedView(
  record: Pick<BelievedRecord, 'namespace'>,
  view: ClusterView,
  seen: (ref: ObjectRef) => boolean = () => false,
): BelievedView {
  const isShown = (ref: ObjectRef) => isBelieved(record, ref) || seen(ref);
  const shown = (objects: readonly KubeObject[]) => objects.filter((object) => isShown(refOf(object)));
  return {
    ...view,
    get: (ref) => (isShown(ref) ? view.get(ref) : undefined),
    ownedBy: (uid) => shown(view.ownedBy(uid)),
    podsOf: (uid) => shown(view.podsOf(uid)),
    endpointSlicesOf: (namespace, service) => shown(view.endpointSlicesOf(namespace, service)),
    isElsewhere: (ref) => !isShown(ref),
    isHidden: (ref) => !isShown(ref) || view.isHidden(ref),
  };
}
