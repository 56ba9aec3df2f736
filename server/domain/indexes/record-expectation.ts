import type { RecordMark } from './helm-record-index.ts';

/**
 * What this process knows about a release's records because it wrote them: the revision and status that the watch will
 * reach, or (`status` null) that they are gone. `until` in milliseconds since the epoch: after that the watch is
 * trusted in any case.
 */
export type RecordExpectation = { revision: number; status: string | null; until: number };

/** The order of statuses in the life of a revision: the later status is the newer one. */
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

/** Whether the watch is behind what this process wrote. */
export function isBehind(expected: RecordExpectation, seen: RecordMark | undefined): boolean {
  if (expected.status === null) {
    return seen !== undefined && seen.revision <= expected.revision;
  }
  if (seen === undefined || seen.revision !== expected.revision) {
    return seen === undefined || seen.revision < expected.revision;
  }
  return stageOf(seen.status) < stageOf(expected.status);
}
