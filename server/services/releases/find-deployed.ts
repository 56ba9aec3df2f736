import type { ReleaseKey } from '../../domain/release-key.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../domain/release-record.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { ReleaseCache } from '../../ports/release-cache.ts';

export type FindDeployedDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  engine: Pick<HelmEngine, 'getRelease' | 'releaseHistory'>;
};

/**
 * What the newest deployed revision of a release says; a newer one that failed or is under way does not count
 * (decision 39). Null when there is none.
 */
export function createFindDeployed({ cache, engine }: FindDeployedDeps) {
  return async (key: ReleaseKey): Promise<ReleaseRecord | null> => {
    const newest = await cache.get(key);
    if (newest === undefined || newest.status === 'deployed') {
      return newest ?? null;
    }
    const { namespace, name, facts } = newest;
    const target = { identity: null, namespace, name };
    const deployed = (await engine.releaseHistory(target)).findLast(({ status }) => status === 'deployed');
    const release = deployed === undefined ? null : await engine.getRelease(target, deployed.revision);
    if (release === null) {
      return null;
    }
    return toReleaseRecord(release, { earlier: facts, firstWritten: release.updated });
  };
}
