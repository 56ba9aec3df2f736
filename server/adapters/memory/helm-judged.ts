import { createHash } from 'node:crypto';
import { problem } from '../../domain/errors/problem-error.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { ReleaseTarget } from '../../ports/helm/engine-call.ts';
import type { RewriteSealing } from '../../ports/helm/helm-changes.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

/** A revision as it is read: with the facts by which its seal is judged, if it is sealed. */
export function withJudgement(release: HelmRelease): HelmRelease {
  const { judged: _, ...rest } = release;
  return release.seal.sealed ? { ...rest, judged: judgedAs(release) } : rest;
}

function judgedAs(release: HelmRelease): JudgedRevision {
  const { namespace, name, revision, chartName, chartVersion, config, manifest, objects, hooks, releaseConfig } =
    release;
  const digest = (content: unknown) => createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return {
    namespace,
    name,
    revision,
    chartDigest: digest([chartName, chartVersion]),
    configDigest: digest(config),
    manifestDigest: digest([manifest, objects]),
    hooksDigest: digest(hooks),
    factsDigest: digest(releaseConfig),
    text: 'seal',
  };
}

/** Refuses, as the engine does, to leave the seal to who made another base than this one. */
export function refuseExchanged(base: HelmRelease, sealing: RewriteSealing | undefined): void {
  if (
    sealing?.keeps !== undefined &&
    JSON.stringify(sealing.keeps.base) !== JSON.stringify(withJudgement(base).judged)
  ) {
    throw problem('REVISION_MISMATCH', `revision ${base.revision} of ${base.name} was written again`);
  }
}

/**
 * Refuses, like the engine, to use revisions other than the judged ones. `base` is one that is used besides the newest
 * and the one that was applied last.
 */
export function refuseUnjudged(history: readonly HelmRelease[], { judged }: ReleaseTarget, base?: number): void {
  const newest = history.at(-1);
  if (judged === undefined || newest === undefined) {
    return;
  }
  if (!judged.some(({ revision }) => revision === newest.revision)) {
    throw problem('REVISION_MISMATCH', `release ${newest.name} is at revision ${newest.revision}`);
  }
  const used = [appliedRevision(history)?.revision, base, ...judged.map(({ revision }) => revision)];
  for (const one of history.filter(({ revision }) => used.includes(revision))) {
    const seen = judged.find(({ revision }) => revision === one.revision);
    if (seen === undefined || JSON.stringify(seen) !== JSON.stringify(withJudgement(one).judged)) {
      throw problem('RELEASE_NOT_SEALED', `revision ${one.revision} of ${one.name} is not what was judged`);
    }
  }
}
