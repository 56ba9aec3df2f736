import { revisionNotFound } from '../../domain/errors/release-problems.ts';
import type { RevisionDifference } from '../../../contract/schemas/release-history.ts';
import { differObjects, differValues } from '../../domain/history/object-difference.ts';
import { shownConfigValues, summarizeRevision } from '../../domain/history/shown-revision.ts';
import type { ReadRevision, RevisionReader, RevisionReading } from './read-revision.ts';

/** Which revisions: `to` is the newest where absent, `from` the one before `to`. */
export type ComparedRevisions = { from?: number; to?: number };

/** Tells how one revision became another. @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND */
export function createCompareRevisions({ reader }: { reader: RevisionReader }) {
  return async (
    reading: RevisionReading,
    { from, to }: ComparedRevisions,
    signal: AbortSignal,
  ): Promise<RevisionDifference> => {
    const newer = await reader.read(reading, to, signal);
    const older = await reader.read(reading, from ?? (await before(reading, newer, signal)), signal);
    // Both know secrets that the other may hold under another path.
    const masker = newer.secrets.masker.and(older.secrets.masker);
    return {
      from: summarizeRevision(older.revision, { ...older.secrets, masker }),
      to: summarizeRevision(newer.revision, { ...newer.secrets, masker }),
      configValues: differValues(
        masker.json(shownConfigValues(older.revision, older.secrets)),
        masker.json(shownConfigValues(newer.revision, newer.secrets)),
      ),
      objects: differObjects(older.revision.objects, newer.revision.objects, masker),
    };
  };

  async function before(reading: RevisionReading, { revision }: ReadRevision, signal: AbortSignal): Promise<number> {
    const kept = (await reader.list(reading, signal)).map((summary) => summary.revision);
    const earlier = kept.find((number) => number < revision.revision);
    if (earlier === undefined) {
      throw revisionNotFound(reading, revision.revision - 1, kept);
    }
    return earlier;
  }
}
