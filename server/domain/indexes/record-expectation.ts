import type { RecordMark } from './helm-record-index.ts';

/**
 * What this process knows of a release's records because it wrote them: the revision and status that the watch has to
 * reach, or (`status` null) that they are gone. `until` in milliseconds since the epoch: a watch that has not caught
 * up by then is believed.
 */
export type RecordExpectation = { revision: number; status: string | null; until: number };

/** How far a revision is in its life: of one revision, the later status is the newer news. */
const STAGE: Readonly<Record<string, number>> = {
  deployed: 1,
  failed: 1,
  uninstalling: 2,
  superseded: 3,
  uninstalled: 3,
};

function stageOf(status: string): number {
  return STAGE[status] ?? 0;
}

/** Whether what the watch shows is older than what this process wrote. */
export function isBehind(expected: RecordExpectation, seen: RecordMark | undefined): boolean {
  if (expected.status === null) {
    return seen !== undefined && seen.revision <= expected.revision;
  }
  if (seen === undefined || seen.revision !== expected.revision) {
    return seen === undefined || seen.revision < expected.revision;
  }
  return stageOf(seen.status) < stageOf(expected.status);
}
