import type { Caller } from '../../../domain/access/caller.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { ReleaseSnapshot } from '../../../domain/change/seen-release.ts';

/** A release as observed by a task; `revision` is the one that the task wrote, if it got that far. */
export type Observed = { identity: Caller | null; namespace: string; release: string; revision?: number };

/**
 * Observes Helm's records of a release. Only the revision that may be the task's own is read in full: its ReleaseConfig
 * names the task.
 */
export type ObserveRelease = (observed: Observed, call?: EngineCall) => Promise<ReleaseSnapshot>;

export function createObserveRelease({
  engine,
}: {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'>;
}): ObserveRelease {
  return async function observeRelease(observed, call = {}) {
    const target = { identity: observed.identity, namespace: observed.namespace, name: observed.release };
    const history = await engine.releaseHistory(target, call);
    if (!history.some(({ revision }) => revision === observed.revision)) {
      return { history, ownConfig: null };
    }
    const release = await engine.getRelease(target, observed.revision, call);
    return { history, ownConfig: release?.releaseConfig ?? null };
  };
}
