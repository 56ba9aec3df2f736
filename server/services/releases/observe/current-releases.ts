import { problem } from '../../../domain/errors/problem-error.ts';
import type { RecordMark } from '../../../domain/indexes/helm-record-index.ts';
import { isShown, shownMarks } from '../../../domain/indexes/shown-marks.ts';
import { parseReleaseKey, type ReleaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { HelmRecords } from '../../../ports/helm/helm-records.ts';
import { mapBounded } from '../../../ports/runtime/map-bounded.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';

/**
 * The releases that the cluster has at the moment of the call, or later: for decisions that something is not there, so
 * that there is nothing to do. The cache follows a watch, which a replica that has just become the leader, or was cut off,
 * may be seconds behind. Both methods reject with a `ProblemError` if the cluster does not answer.
 */
export interface CurrentReleases {
  /** Sorted by key. */
  list(namespace: string): Promise<readonly ReleaseRecord[]>;
  get(key: ReleaseKey): Promise<ReleaseRecord | undefined>;
}

export type CurrentReleasesDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  records: Pick<HelmRecords, 'read'>;
  /** The record of a release that has these records, oldest first; null if they are others by now. */
  readRecord: (key: ReleaseKey, marks: readonly RecordMark[]) => Promise<ReleaseRecord | null>;
};

const READ_AT_ONCE = 16;
/** Reads of records that changed each time between their list and their content. */
const MAX_READS = 5;

/** Reads which records there are, and of these only what the cache does not show. */
export function createCurrentReleases({ cache, records, readRecord }: CurrentReleasesDeps): CurrentReleases {
  async function recordOf(key: ReleaseKey, marks: readonly RecordMark[]): Promise<ReleaseRecord | null | undefined> {
    const stored = shownMarks(marks);
    if (stored === null) {
      return undefined;
    }
    const cached = await cache.get(key);
    return cached !== undefined && isShown(cached, stored) ? cached : readRecord(key, marks);
  }

  async function read(namespace: string, release?: string): Promise<ReleaseRecord[]> {
    for (let reads = 1; ; reads += 1) {
      const stored = [...(await records.read(namespace, release))].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const found = await mapBounded(stored, READ_AT_ONCE, ([key, marks]) => recordOf(key, marks));
      if (!found.includes(null)) {
        return found.filter((record) => record !== undefined && record !== null);
      }
      if (reads === MAX_READS) {
        throw problem(
          'CLUSTER_UNREACHABLE',
          `the releases of namespace ${namespace} change faster than their records can be read: try again`,
        );
      }
    }
  }

  return {
    list: (namespace) => read(namespace),
    async get(key) {
      const { namespace, name } = parseReleaseKey(key);
      const [record] = await read(namespace, name);
      return record;
    },
  };
}
