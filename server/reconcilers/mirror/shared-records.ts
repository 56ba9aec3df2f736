import { isOfEarlier, type ShownMarks } from '../../domain/indexes/shown-marks.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { readSharedRelease, recordOfShared } from '../../domain/mirror/shared-release.ts';
import type { SharedCache } from '../../ports/storage/shared-cache.ts';
import type { EntrySeal } from '../../services/trust/entry-seal.ts';
import { createBatchedReads } from '../releases/batched-reads.ts';
import { UNREADABLE } from '../../domain/revisions/helm-status.ts';

export type SharedRecordsDeps = {
  shared: Pick<SharedCache, 'get' | 'isUp'>;
  seal: () => Promise<EntrySeal>;
  /** The version and options with which this process computes records: copies of other ones are not used. */
  maker: string;
  /** Called for each lookup in Redis: whether it saved a read from the cluster. */
  onRead: (hit: boolean) => void;
};

const BATCH = 64;

/**
 * Finds the record of a revision in Redis. A copy is used if Walm signed it for this release, and it is of exactly the
 * revision that this replica's own watch knows. Anything else, or an unreachable Redis, counts as not found, and so
 * does a release with secrets, which are never copied to Redis.
 */
export type SharedRecords = (key: ReleaseKey, marks: ShownMarks) => Promise<ReleaseRecord | null>;

export function createSharedRecords({ shared, seal, maker, onRead }: SharedRecordsDeps): SharedRecords {
  const read = createBatchedReads(async (keys: ReleaseKey[]) => {
    const found = await shared.get('walm-releases', keys);
    return keys.map((key) => found.get(key) ?? null);
  }, BATCH);

  async function find(key: ReleaseKey, { applied, earlier, id }: ShownMarks): Promise<ReleaseRecord | null> {
    if (!shared.isUp()) {
      return null;
    }
    const value = await read(key);
    const text = value === null ? null : (await seal()).open(key, value);
    const copy = text === null ? null : readSharedRelease(key, text);
    const fits =
      copy?.walm.maker === maker &&
      !copy.walm.hasSecrets &&
      copy.walm.uid === id &&
      isOfEarlier(copy.walm, earlier) &&
      copy.version === applied.revision &&
      (copy.walm.status === applied.status || copy.walm.status === UNREADABLE);
    return fits ? recordOfShared(copy) : null;
  }

  return async function sharedRecords(key, marks) {
    const record = await find(key, marks).catch(() => null);
    onRead(record !== null);
    return record;
  };
}
