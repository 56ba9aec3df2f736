import { isReleaseMark, recordId, type RecordMark } from './helm-record-index.ts';
import { isUnreadable } from '../release/unreadable-record.ts';
import { newestOf, type ReleaseRecord } from '../release/release-record.ts';
import { appliedRevision } from '../revisions/applied-revision.ts';

/** The records of a release that are shown: the newest, and the applied one, which usually is the same. */
export type ShownMarks = { newest: RecordMark; applied: RecordMark; id: string };

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
  return { newest, applied, id: [...new Set([recordId(newest), recordId(applied)])].join(', ') };
}

/** Whether a record describes what is to be shown now. */
export function isShown(record: ReleaseRecord, { newest, applied }: ShownMarks): boolean {
  if (isUnreadable(record)) {
    return record.revision === applied.revision;
  }
  const known = newestOf(record);
  const isApplied = record.revision === applied.revision && record.status === applied.status;
  return isApplied && known.revision === newest.revision && known.status === newest.status;
}
