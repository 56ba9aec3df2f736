import type { Caller } from '../../domain/access/caller.ts';
import { releaseNotFound } from '../../domain/errors/release-problems.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import { readApplied } from '../history/read-applied.ts';
import type { ManagedRevision } from '../../domain/request/recorded-request.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { MergedUpgrade, MergeUpgrade } from '../releases/compose/merge-upgrade.ts';
import type { FindManaged } from '../releases/observe/find-managed.ts';

export type ReadMemberDeps = {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'>;
  findManaged: FindManaged;
  mergeUpgrade: MergeUpgrade;
};

/** A release that exists: its applied revision, and what requests made it. */
export type PresentMember = Pick<MergedUpgrade, 'chart' | 'effective' | 'origin'> & {
  current: HelmRelease;
  written: ManagedRevision | null;
  dependencies: Record<string, string>;
};

/**
 * Reads the chart and the dependencies of a release as the caller.
 * @throws ProblemError RELEASE_NOT_FOUND, CHART_NOT_RECORDED, FORBIDDEN
 */
export type ReadMember = (
  target: { namespace: string; name: string; caller: Caller | null },
  call: EngineCall,
) => Promise<PresentMember>;

export function createReadMember({ engine, findManaged, mergeUpgrade }: ReadMemberDeps): ReadMember {
  return async function readMember({ namespace, name, caller }, call) {
    const target = { identity: caller, namespace, name };
    const current = await readApplied(engine, target, await engine.releaseHistory(target, call), call);
    if (current === null) {
      throw releaseNotFound(namespace, name);
    }
    const written = await findManaged(current, caller, call);
    const { chart, effective, origin } = await mergeUpgrade(
      { request: { name }, origin: null, current, written, caller },
      call,
    );
    return { current, written, chart, effective, origin, dependencies: effective.dependencies };
  };
}
