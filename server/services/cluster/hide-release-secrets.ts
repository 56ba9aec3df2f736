import { owningRelease } from '../../domain/cluster/owning-release.ts';
import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import { type Masker, NO_SECRETS } from '../../domain/masking/masker.ts';
import { maskFields } from '../../domain/masking/shown-release.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';

/** Shows an object of the cluster together with the release it belongs to, without that release's secrets. */
export type ShowOfRelease = <Shown extends object>(
  object: KubeObject,
  shown: Shown,
) => Promise<Shown & { release: string | null }>;

/**
 * What a chart writes into names, labels, annotations and messages of its objects may be a secret value of the release.
 * Helm does not mark the objects of hooks: whatever is marked as no release's has none of the secrets of the namespace's
 * releases.
 */
export function createShowOfRelease({
  cache,
  live,
}: {
  cache: Pick<ReleaseCache, 'get' | 'list'>;
  live: Pick<ClusterView, 'get'>;
}): ShowOfRelease {
  /** The maskers of one namespace, united: the objects of a list follow one another. */
  let united: { namespace: string; of: readonly Masker[]; masker: Masker } | undefined;

  return async function showOfRelease(object, shown) {
    const { namespace = '' } = object.metadata;
    const release = owningRelease(object, live);
    const own = release === null ? undefined : (await cache.get(releaseKey(namespace, release)))?.masker;
    return { ...maskFields(shown, own ?? (await maskerOfAll(namespace))), release };
  };

  async function maskerOfAll(namespace: string): Promise<Masker> {
    const maskers = (await cache.list(namespace)).map(({ masker }) => masker).filter(({ isEmpty }) => !isEmpty);
    const isSame =
      united?.namespace === namespace &&
      united.of.length === maskers.length &&
      maskers.every((masker, i) => masker === united?.of[i]);
    united = isSame && united ? united : { namespace, of: maskers, masker: NO_SECRETS.and(...maskers) };
    return united.masker;
  }
}
