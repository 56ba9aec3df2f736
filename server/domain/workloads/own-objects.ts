import type { ClusterView } from '../kube/cluster-view.ts';
import { isMarked, isMarkedAs } from '../kube/helm-owner.ts';
import { type KubeObject, refOf } from '../kube/kube-object.ts';
import type { LiveCount } from './pause-state.ts';

/** The release on whose behalf an object is changed. */
export type OwnerRelease = { namespace: string; name: string };

/**
 * Whether a live object may be changed on behalf of a release. A record can name any object, so the object itself has
 * to say that it belongs to the release; in the release's own namespace it is enough that it does not belong to another
 * release.
 */
export function isOwnObject(release: OwnerRelease, object: KubeObject): boolean {
  return isMarked(object) ? isMarkedAs(release, object) : object.metadata.namespace === release.namespace;
}

/** Those of the recorded replica counts whose workload exists and belongs to the release. */
export function ownCounts(release: OwnerRelease, view: ClusterView, counts: readonly LiveCount[]): LiveCount[] {
  return counts.flatMap(({ replicas, ...ref }) => {
    const workload = view.get(ref);
    return workload !== undefined && isOwnObject(release, workload) ? [{ ...refOf(workload), replicas }] : [];
  });
}
