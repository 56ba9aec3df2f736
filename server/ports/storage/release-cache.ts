import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';

/**
 * The newest record of each release, kept for readers. It may be lost at any time: it is rebuilt from the cluster.
 * Records are values: neither side changes one after handing it over.
 */
export interface ReleaseCache {
  /** Undefined if the release is not known. */
  get(key: ReleaseKey): Promise<ReleaseRecord | undefined>;
  /** Sorted by namespace and name (decision 25: sorted lists); `namespace` undefined means all. */
  list(namespace?: string): Promise<readonly ReleaseRecord[]>;
  /** Replaces the release's former record. */
  put(record: ReleaseRecord): Promise<void>;
  /** Does nothing if the release is not known. */
  remove(key: ReleaseKey): Promise<void>;
  /** Calls back after each `put` (with the record) and `remove` of a known release (with null). */
  subscribe(listener: (key: ReleaseKey, record: ReleaseRecord | null) => void): () => void;
}
