import { isReleaseMark, recordId, type RecordMark } from './helm-record-index.ts';
import { isUnreadable } from '../release/unreadable-record.ts';
import { newestOf, type ReleaseRecord } from '../release/release-record.ts';
import { appliedRevision, wasApplied } from '../revisions/applied-revision.ts';
import { walkBack } from '../revisions/history.ts';

/**
 * The records of a release that are shown: the newest, and the applied one, which usually is the same. `earlier` identifies
 * those before it, which Walm's facts are taken from after a change from outside.
 */
export type ShownMarks = { newest: RecordMark; applied: RecordMark; id: string; earlier: string };

/**
 * The records to show, given all of them, oldest first; null if the release does not exist. `id` changes with any of
 * them.
 */
export function shownMarks(marks: readonly RecordMark[]): ShownMarks | null {
  const newest = marks.at(-1);
  const applied = appliedRevision(marks);
  if (!isReleaseMark(newest) || applied === undefined) {
    return null;
  }
  const id = [...new Set([recordId(newest), recordId(applied)])].join(', ');
  return { newest, applied, id, earlier: idOfEarlier(earlierMarks(marks, applied.revision)) };
}

/** The records (oldest first) of revisions that were applied before this one, newest first. */
export function earlierMarks(marks: readonly RecordMark[], revision: number): RecordMark[] {
  return walkBack(marks, { below: revision }).filter((mark) => wasApplied(mark));
}

/** Identifies exactly these earlier records; empty if there are none. */
export function idOfEarlier(earlier: readonly RecordMark[]): string {
  return earlier.map(recordId).join(', ');
}

/** Whether a record describes what is to be shown now. */
export function isShown(record: ReleaseRecord, { newest, applied, earlier }: ShownMarks): boolean {
  if (isUnreadable(record)) {
    return record.revision === applied.revision;
  }
  const known = newestOf(record);
  const isApplied = record.revision === applied.revision && record.status === applied.status;
  const isNewest = known.revision === newest.revision && known.status === newest.status;
  return isApplied && isNewest && isOfEarlier(record, earlier);
}

/** Whether a record has the facts of exactly these earlier records, or needs none of them. */
export function isOfEarlier(record: Pick<ReleaseRecord, 'earlier' | 'outside'>, earlier: string): boolean {
  return record.outside === null || record.earlier === earlier;
}
