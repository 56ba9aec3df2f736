import { revisionNotFound } from '../../domain/errors/release-problems.ts';
import type { RevisionDifference } from '../../../contract/schemas/release-history.ts';
import { differObjects, differValues } from '../../domain/history/object-difference.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import { shownConfigValues, summarizeRevision } from '../../domain/history/shown-revision.ts';
import type { RevisionReader, RevisionReading } from './read-revision.ts';

/** Which revisions: `to` is the newest if absent, `from` the one before `to`. */
export type ComparedRevisions = { from?: number; to?: number };

/**
 * Returns how one revision differs from another.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND
 */
export type CompareRevisions = (
  reading: RevisionReading,
  comparedRevisions: ComparedRevisions,
  signal: AbortSignal,
) => Promise<RevisionDifference>;

export function createCompareRevisions({ reader }: { reader: RevisionReader }): CompareRevisions {
  return async function compareRevisions(reading, { from, to }, signal) {
    const kept = await reader.list(reading, signal);
    const numbers = kept.map(({ revision }) => revision);
    const last = to ?? appliedRevision(kept.toReversed())?.revision ?? 0;
    const first = from ?? numbers.find((number) => number < last) ?? last - 1;
    const read = await reader.readSome(reading, { kept, wanted: [first, last] }, signal);
    const find = (number: number) => {
      const found = read.find(({ revision }) => revision.revision === number);
      if (found === undefined) {
        throw revisionNotFound(reading, number, numbers);
      }
      return found;
    };
    const [newer, older] = [find(last), find(first)];
    // Both revisions have the masker of all stored revisions.
    const { masker } = newer.secrets;
    return {
      from: summarizeRevision(older.revision, older.secrets),
      to: summarizeRevision(newer.revision, newer.secrets),
      configValues: differValues(
        shownConfigValues(older.revision, older.secrets),
        shownConfigValues(newer.revision, newer.secrets),
      ),
      objects: differObjects(older.revision.objects, newer.revision.objects, masker),
    };
  };
}
