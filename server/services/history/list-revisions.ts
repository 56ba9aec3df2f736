import type { RevisionList, RevisionSummary } from '../../../contract/schemas/release-history.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { secretsOfRevision } from '../../domain/release/revision-secrets.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { isUnreadable, unreadableRevision } from '../../domain/release/unreadable-record.ts';
import { summarizeRevision } from '../../domain/history/shown-revision.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import { type RevisionReader, type RevisionReading, targetOf } from './read-revision.ts';

/** A page of a history; `continue` is the last revision of the page before. */
export type HistoryPage = { limit?: number; continue?: string };

export type ListRevisionsDeps = { reader: RevisionReader; engine: Pick<HelmReader, 'getRelease'> };

/**
 * The kept revisions of a release, newest first, with who caused them and why.
 * @throws ProblemError RELEASE_NOT_FOUND, QUERY_INVALID
 */
export function createListRevisions({ reader, engine }: ListRevisionsDeps) {
  return async (reading: RevisionReading, page: HistoryPage, signal: AbortSignal): Promise<RevisionList> => {
    const all = await reader.list(reading, signal);
    const behind = page.continue === undefined ? Infinity : readContinue(page.continue);
    const rest = all.filter(({ revision }) => revision < behind);
    const shown = page.limit ? rest.slice(0, page.limit) : rest;
    const call = { signal, requestId: reading.requestId };
    const read = await Promise.all(
      shown.map(async (summary) =>
        isUnreadable(summary) ? summary : engine.getRelease(targetOf(reading), summary.revision, call),
      ),
    );
    // A revision that was pruned since is not there any more.
    const kept = read.filter((revision) => revision !== null);
    const written =
      kept.flatMap((revision) =>
        'releaseConfig' in revision && readReleaseFacts(revision.releaseConfig) !== null
          ? [revision.releaseConfig]
          : [],
      )[0] ?? null;
    const items = kept.map((revision): RevisionSummary => {
      if (!('releaseConfig' in revision)) {
        return unreadableRevision(revision);
      }
      const isOurs = readReleaseFacts(revision.releaseConfig) !== null;
      return summarizeRevision(revision, secretsOfRevision(revision, isOurs ? revision.releaseConfig : written));
    });
    const last = shown.at(-1);
    return {
      num: items.length,
      total: all.length,
      items,
      ...(last !== undefined && shown.length < rest.length && { continue: String(last.revision) }),
    };
  };
}

function readContinue(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw problem('QUERY_INVALID', 'continue is not one that this list gave', { parameter: 'continue' });
  }
  return Number(text);
}
