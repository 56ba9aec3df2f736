import type { Caller } from '../../domain/access/caller.ts';
import { releaseNotFound, revisionNotFound } from '../../domain/errors/release-problems.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import { isUnreadable } from '../../domain/release/unreadable-record.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { type RevisionSecrets, secretsOfRevision } from '../../domain/release/revision-secrets.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease, HelmReleaseSummary } from '../../ports/helm/helm-release.ts';

/** Who asks for a release. */
export type RevisionReading = { namespace: string; release: string; caller: Caller | null; requestId: string };

/** One revision, and what must not be shown of it. */
export type ReadRevision = { revision: HelmRelease; secrets: RevisionSecrets };

/** Reads what Helm recorded of a release. */
export type RevisionReader = {
  /** The kept revisions, newest first. @throws ProblemError RELEASE_NOT_FOUND */
  list(reading: RevisionReading, signal: AbortSignal): Promise<HelmReleaseSummary[]>;
  /** What runs (the applied revision), or the one asked for. @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND */
  read(reading: RevisionReading, revision: number | undefined, signal: AbortSignal): Promise<ReadRevision>;
};

/** Reads revisions by the engine. A release that was uninstalled with its history kept is none (decision 5). */
export function createRevisionReader({
  engine,
}: {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'>;
}): RevisionReader {
  async function list(reading: RevisionReading, signal: AbortSignal): Promise<HelmReleaseSummary[]> {
    const history = await engine.releaseHistory(targetOf(reading), { signal, requestId: reading.requestId });
    if (history.length === 0 || history.at(-1)?.status === 'uninstalled') {
      const { namespace, release: name } = reading;
      throw releaseNotFound(namespace, name);
    }
    return history.toReversed();
  }

  /** Charts are recorded without their subcharts: what Walm masked before tells what is secret in those. */
  async function secretsOf(
    reading: RevisionReading,
    revision: HelmRelease,
    kept: readonly HelmReleaseSummary[],
    call: EngineCall,
  ): Promise<RevisionSecrets> {
    if (readReleaseFacts(revision.releaseConfig) !== null) {
      return secretsOfRevision(revision);
    }
    const others = kept.filter((other) => other.revision !== revision.revision && !isUnreadable(other));
    for (const { revision: number } of others) {
      const other = await engine.getRelease(targetOf(reading), number, call);
      if (other !== null && readReleaseFacts(other.releaseConfig) !== null) {
        return secretsOfRevision(revision, other.releaseConfig);
      }
    }
    return secretsOfRevision(revision);
  }

  return {
    list,
    async read(reading, number, signal) {
      const call = { signal, requestId: reading.requestId };
      const kept = await list(reading, signal);
      const revisions = kept.map(({ revision }) => revision);
      const wanted = number ?? appliedRevision(kept.toReversed())?.revision;
      const revision =
        wanted !== undefined && revisions.includes(wanted)
          ? await engine.getRelease(targetOf(reading), wanted, call)
          : null;
      if (revision === null) {
        throw revisionNotFound(reading, wanted ?? 0, revisions);
      }
      return { revision, secrets: await secretsOf(reading, revision, kept, call) };
    },
  };
}

/** Whose turn it is where computing is shared: the caller's, and where callers are not known the namespace's. */
export function holderOf({ caller, namespace }: RevisionReading): string {
  return caller === null ? `namespace ${namespace}` : `user ${caller.user}`;
}

/** The release as the engine is asked for it. */
export function targetOf({ namespace, release, caller }: RevisionReading) {
  return { identity: caller, namespace, name: release };
}
