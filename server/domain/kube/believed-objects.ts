import type { ClusterView } from './cluster-view.ts';
import { type KubeObject, type ObjectRef, refOf } from './kube-object.ts';

/** What says about which objects a release is believed. */
export type BelievedRecord = { namespace: string; objects: readonly ObjectRef[] };

/**
 * Whether a release is believed about an object: anybody who may edit a namespace can write any manifest into it, so a
 * manifest names what it likes, and what it names elsewhere is somebody else's business.
 */
export function isBelieved(
  { namespace }: Pick<BelievedRecord, 'namespace'>,
  ref: Pick<ObjectRef, 'namespace'>,
): boolean {
  return ref.namespace === namespace;
}

/** The objects that a release is believed about, in their order. */
export function believedObjects(record: BelievedRecord): ObjectRef[] {
  return record.objects.filter((ref) => isBelieved(record, ref));
}

/** The picture of the cluster, and which objects of a release lie where it is not believed. */
export type BelievedView = ClusterView & { isElsewhere(ref: ObjectRef): boolean };

/**
 * The part of the cluster that may be told of a release: its own namespace, and objects elsewhere that `seen` allows,
 * which is for those callers who may read them there. Everything else is hidden, and neither awaited nor reported:
 * that an object of somebody else is there, or is ready, is told to nobody.
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
