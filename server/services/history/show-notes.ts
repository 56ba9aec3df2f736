import type { RevisionReader, RevisionReading } from './read-revision.ts';

/**
 * The chart's NOTES as rendered for a revision (the newest where absent), without secrets.
 * @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND
 */
export type ShowNotes = (
  reading: RevisionReading,
  number: number | undefined,
  signal: AbortSignal,
) => Promise<{ revision: number; notes: string }>;

export function createShowNotes({ reader }: { reader: RevisionReader }): ShowNotes {
  return async function showNotes(reading, number, signal) {
    const { revision, secrets } = await reader.read(reading, number, signal);
    return { revision: revision.revision, notes: secrets.masker.text(revision.notes) };
  };
}
