import type { Caller } from '../../../domain/access/caller.ts';
import { wasApplied } from '../../../domain/revisions/applied-revision.ts';
import { currentLifetime } from '../../../domain/history/current-lifetime.ts';
import { type ManagedRevision } from '../../../domain/request/recorded-request.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';

/**
 * Finds the newest facts that Walm recorded of a release: those of its newest revision or, if plain Helm changed the
 * release since, of the newest stored revision that was applied and has Walm's facts (decision 5: Helm owns the
 * record). The release is read as `identity`. Null: Walm never changed it.
 */
export type FindManaged = (
  current: HelmRelease,
  identity: Caller | null,
  call?: EngineCall,
) => Promise<ManagedRevision | null>;

export function createFindManaged({
  engine,
}: {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'>;
}): FindManaged {
  return async function findManaged(current, identity, call = {}) {
    const own = readReleaseFacts(current.releaseConfig);
    if (own !== null) {
      return { facts: own, config: current.config };
    }
    const target = { identity, namespace: current.namespace, name: current.name };
    const history = await engine.releaseHistory(target, call);
    const upToNow = history.filter(({ revision }) => revision <= current.revision);
    for (const { revision } of currentLifetime(upToNow).filter(wasApplied)) {
      const earlier = revision < current.revision ? await engine.getRelease(target, revision, call) : null;
      const facts = readReleaseFacts(earlier?.releaseConfig ?? null);
      if (earlier !== null && facts !== null) {
        return { facts, config: earlier.config };
      }
    }
    return null;
  };
}
