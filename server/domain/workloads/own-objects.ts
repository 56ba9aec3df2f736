import type { ClusterView } from '../kube/cluster-view.ts';
import { type KubeObject, refOf } from '../kube/kube-object.ts';
import type { LiveCount } from './pause-state.ts';

/** Which release somebody acts on. */
export type OwnerRelease = { namespace: string; name: string };

/** Helm writes them on whatever it applies; who may not write an object cannot make it say so. */
const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/**
 * Whether a live object may be touched on behalf of a release. A record names what it likes, so the object itself has
 * to say that it is the release's; in the release's own namespace it is enough that it is not another release's.
 */
export function isOwnObject(release: OwnerRelease, { metadata }: KubeObject): boolean {
  const { [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace } = metadata.annotations ?? {};
  if (name === undefined && namespace === undefined) {
    return metadata.namespace === release.namespace;
  }
  return name === release.name && namespace === release.namespace;
}

/** Of replicas that a record remembers those of workloads that are there and the release's own, named as they live. */
export function ownCounts(release: OwnerRelease, view: ClusterView, counts: readonly LiveCount[]): LiveCount[] {
  return counts.flatMap(({ replicas, ...ref }) => {
    const workload = view.get(ref);
    return workload !== undefined && isOwnObject(release, workload) ? [{ ...refOf(workload), replicas }] : [];
  });
}
