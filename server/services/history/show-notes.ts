import type { RevisionReader, RevisionReading } from './read-revision.ts';

/**
 * The rendered NOTES of a revision (the newest if absent), without secrets.
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
