import type { RevisionList } from '../../../contract/schemas/release-history.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { isUnreadable, unreadableRevision } from '../../domain/release/unreadable-record.ts';
import { summarizeRevision } from '../../domain/history/shown-revision.ts';
import type { RevisionReader, RevisionReading } from './read-revision.ts';

/** A page of a history; `continue` is the last revision of the previous page. */
export type HistoryPage = { limit?: number; continue?: string };

/**
 * Lists the stored revisions of a release, newest first, with their caller and cause.
 * @throws ProblemError RELEASE_NOT_FOUND, QUERY_INVALID
 */
export type ListRevisions = (reading: RevisionReading, page: HistoryPage, signal: AbortSignal) => Promise<RevisionList>;

export function createListRevisions({ reader }: { reader: RevisionReader }): ListRevisions {
  return async function listRevisions(reading, page, signal) {
    const all = await reader.list(reading, signal);
    const behind = page.continue === undefined ? Infinity : readContinue(page.continue);
    const rest = all.filter(({ revision }) => revision < behind);
    const shown = page.limit ? rest.slice(0, page.limit) : rest;
    const wanted = shown.filter((one) => !isUnreadable(one)).map(({ revision }) => revision);
    const read = await reader.readSome(reading, { kept: all, wanted }, signal);
    const items = shown.flatMap((summary) => {
      const found = read.find(({ revision }) => revision.revision === summary.revision);
      // A revision that was pruned since is left out.
      return isUnreadable(summary)
        ? [unreadableRevision(summary)]
        : found === undefined
          ? []
          : [summarizeRevision(found.revision, found.secrets)];
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
    throw problem('QUERY_INVALID', 'continue is not a value that this list returned', { parameter: 'continue' });
  }
  return Number(text);
}
