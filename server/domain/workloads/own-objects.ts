import type { ClusterView } from '../kube/cluster-view.ts';
import { type KubeObject, refOf } from '../kube/kube-object.ts';
import type { LiveCount } from './pause-state.ts';

/** The release on whose behalf an object is changed. */
export type OwnerRelease = { namespace: string; name: string };

/** Helm sets it on every object it applies; it cannot be forged without write access to the object. */
const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/**
 * Whether a live object may be changed on behalf of a release. A record can name any object, so the object itself has
 * to say that it belongs to the release; in the release's own namespace it is enough that it does not belong to another
 * release.
 */
export function isOwnObject(release: OwnerRelease, { metadata }: KubeObject): boolean {
  const { [RELEASE_NAME]: name, [RELEASE_NAMESPACE]: namespace } = metadata.annotations ?? {};
  if (name === undefined && namespace === undefined) {
    return metadata.namespace === release.namespace;
  }
  return name === release.name && namespace === release.namespace;
}

/** Those of the recorded replica counts whose workload exists and belongs to the release. */
export function ownCounts(release: OwnerRelease, view: ClusterView, counts: readonly LiveCount[]): LiveCount[] {
  return counts.flatMap(({ replicas, ...ref }) => {
    const workload = view.get(ref);
    return workload !== undefined && isOwnObject(release, workload) ? [{ ...refOf(workload), replicas }] : [];
  });
}
