import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import type { EngineCall, ReleaseTarget } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { KeptRevision } from '../../domain/revisions/history.ts';

/** Reads the applied revision, given a history (oldest first) that was just read; null if there is none. */
export async function readApplied(
  engine: Pick<HelmReader, 'getRelease'>,
  target: ReleaseTarget,
  history: readonly KeptRevision[],
  call: EngineCall,
): Promise<HelmRelease | null> {
  const applied = appliedRevision(history);
  return applied === undefined ? null : engine.getRelease(target, applied.revision, call);
}
