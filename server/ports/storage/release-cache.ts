import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';

/**
 * What the newest record of each release says, kept for readers. It may be lost at any time: it is rebuilt from the
 * cluster. Records are values: neither side changes one that was handed over.
 */
export interface ReleaseCache {
  /** Undefined when the release is not known. */
  get(key: ReleaseKey): Promise<ReleaseRecord | undefined>;
  /** Sorted by namespace and name (decision 25); `namespace` undefined means all. */
  list(namespace?: string): Promise<readonly ReleaseRecord[]>;
  /** Takes the place of the release's former record. */
  put(record: ReleaseRecord): Promise<void>;
  /** Does nothing when the release is not known. */
  remove(key: ReleaseKey): Promise<void>;
  /** Calls back after each `put` (with the record) and `remove` of a known release (with null). */
  subscribe(listener: (key: ReleaseKey, record: ReleaseRecord | null) => void): () => void;
}
