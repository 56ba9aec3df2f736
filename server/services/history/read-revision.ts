import { shareOf } from '../../domain/access/sharer.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { judgedAbsence } from '../../domain/answers/judged-release.ts';
import { releaseUnrecorded, revisionNotFound } from '../../domain/errors/release-problems.ts';
import { presentRevision, walkBack } from '../../domain/revisions/history.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import { isUnreadable } from '../../domain/release/unreadable-record.ts';
import { readReleaseFacts, type ReleaseFacts } from '../../domain/release/release-facts.ts';
import type { RevisionSecrets } from '../../domain/release/revision-secrets.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease, HelmReleaseSummary } from '../../ports/helm/helm-release.ts';
import { type FindSecrets, MAX_LOOKED_AT, type OwnSecrets, ownSecrets, withOthers } from './kept-secrets.ts';

/** The caller who reads a release. */
export type RevisionReading = { namespace: string; release: string; caller: Caller | null; requestId: string };

/** One revision, and what must not be shown of it: secrets of this and of other stored revisions. */
export type ReadRevision = { revision: HelmRelease; secrets: RevisionSecrets };

/** Reads the revisions that Helm recorded of a release. */
export type RevisionReader = {
  /**
   * The stored revisions, newest first.
   * @throws ProblemError RELEASE_NOT_FOUND
   */
  list(reading: RevisionReading, signal: AbortSignal): Promise<HelmReleaseSummary[]>;
  /**
   * Those `wanted` of the `kept` revisions that still exist, newest first.
   * @throws ProblemError RELEASE_UNREADABLE
   */
  readSome(
    reading: RevisionReading,
    choice: { kept: readonly HelmReleaseSummary[]; wanted: readonly number[] },
    signal: AbortSignal,
  ): Promise<ReadRevision[]>;
  /**
   * The applied revision, or the given one.
   * @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND
   */
  read(reading: RevisionReading, revision: number | undefined, signal: AbortSignal): Promise<ReadRevision>;
};

export type RevisionReaderDeps = {
  engine: Pick<HelmReader, 'getRelease' | 'releaseHistory'>;
  findSecrets: FindSecrets;
  tasks: Pick<TaskStore, 'tasksOf'>;
  clock: Pick<Clock, 'now'>;
};

/** The secrets of a revision that was read, and the revision itself if it is to be shown. */
type FoundRevision = { number: number; own: OwnSecrets; revision?: HelmRelease };

/**
 * Reads revisions through the engine. A release that was uninstalled with its history kept counts as missing (decision
 * 5: Helm owns the record).
 */
export function createRevisionReader({ engine, findSecrets, tasks, clock }: RevisionReaderDeps): RevisionReader {
  async function list(reading: RevisionReading, signal: AbortSignal): Promise<HelmReleaseSummary[]> {
    const history = await engine.releaseHistory(targetOf(reading), { signal, requestId: reading.requestId });
    if (presentRevision(history) === undefined) {
      const known = tasks.tasksOf(releaseKey(reading.namespace, reading.release));
      throw releaseUnrecorded(judgedAbsence(reading, known, clock.now()));
    }
    return walkBack(history);
  }

  async function readSome(
    reading: RevisionReading,
    { kept, wanted }: { kept: readonly HelmReleaseSummary[]; wanted: readonly number[] },
    signal: AbortSignal,
  ): Promise<ReadRevision[]> {
    const call = { signal, requestId: reading.requestId };
    const holder = holderOf(reading);
    const isWanted = ({ revision }: { revision: number }) => wanted.includes(revision);
    const looked = kept.filter((one, index) => isWanted(one) || (index < MAX_LOOKED_AT && !isUnreadable(one)));
    const found: FoundRevision[] = [];
    const foreign: HelmRelease[] = [];
    let written: ReleaseFacts | null = null;
    const find = async (revision: HelmRelease) => {
      const own = await ownSecrets({ revision, written }, findSecrets, holder);
      found.push({ number: revision.revision, own, ...(isWanted(revision) && { revision }) });
    };
    // One after the other: each may be large, and only the secrets of most are kept.
    for (const { revision: number } of looked) {
      const revision = await engine.getRelease(targetOf(reading), number, call).catch((error: unknown) => {
        if (isUnreadableProblem(error) && !wanted.includes(number)) {
          return null;
        }
        throw error;
      });
      const facts = revision && readReleaseFacts(revision.releaseConfig);
      written ??= facts;
      if (revision !== null && written === null) {
        foreign.push(revision);
      } else if (revision !== null) {
        await find(revision);
      }
    }
    for (const revision of foreign) {
      await find(revision);
    }
    const maskers = found.map(({ own }) => own.masker);
    return found
      .toSorted((a, b) => b.number - a.number)
      .flatMap(({ revision, own }) => (revision ? [{ revision, secrets: withOthers(own, maskers) }] : []));
  }

  return {
    list,
    readSome,
    async read(reading, number, signal) {
      const kept = await list(reading, signal);
      const wanted = number ?? appliedRevision(kept.toReversed())?.revision ?? 0;
      const [found] = await readSome(reading, { kept, wanted: [wanted] }, signal);
      if (found === undefined) {
        const revisions = kept.map(({ revision }) => revision);
        throw revisionNotFound(reading, wanted, revisions);
      }
      return found;
    },
  };
}

function isUnreadableProblem(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'RELEASE_UNREADABLE';
}

/** Whose share of computing time is used: the caller's, or the namespace's if callers are unknown. */
export function holderOf({ caller, namespace }: Pick<RevisionReading, 'caller' | 'namespace'>): string {
  return caller === null ? `namespace ${namespace}` : `user ${shareOf(caller)}`;
}

/** The target in a request to the engine. */
export function targetOf({ namespace, release, caller }: RevisionReading) {
  return { identity: caller, namespace, name: release };
}
