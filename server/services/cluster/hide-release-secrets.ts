import { owningRelease } from '../../domain/cluster/owning-release.ts';
import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import type { Masker } from '../../domain/masking/masker.ts';
import { maskFields } from '../../domain/masking/shown-release.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';

/** Shows an object of the cluster together with the release it belongs to, without that release's secrets. */
export type ShowOfRelease = <Shown extends object>(
  object: KubeObject,
  shown: Shown,
) => Promise<Shown & { release: string | null }>;

/** What a chart writes into labels, annotations and messages of its objects may be a secret value of the release. */
export function createShowOfRelease({
  cache,
  live,
}: {
  cache: Pick<ReleaseCache, 'get'>;
  live: Pick<ClusterView, 'get'>;
}): ShowOfRelease {
  return async function showOfRelease(object, shown) {
    const release = owningRelease(object, live);
    const masker = release === null ? undefined : await maskerOf(release, object.metadata.namespace ?? '');
    return { ...(masker === undefined ? shown : maskFields(shown, masker)), release };
  };

  async function maskerOf(release: string, namespace: string): Promise<Masker | undefined> {
    return (await cache.get(releaseKey(namespace, release)))?.masker;
  }
}
