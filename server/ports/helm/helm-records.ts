import type { RecordMark } from '../../domain/indexes/helm-record-index.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';

/** Helm's records of all releases, by their labels and without their payloads, updated by a watch. */
export interface HelmRecords {
  /** The record of the highest revision; undefined if the release has none. */
  latest(key: ReleaseKey): RecordMark | undefined;
  /** All stored revisions of a release, oldest first. */
  revisions(key: ReleaseKey): readonly RecordMark[];
  /** Every release that has a record. */
  keys(): readonly ReleaseKey[];
  /**
   * Reads from the cluster what the releases of a namespace, or one of them, have stored now, each oldest first: the watch
   * may not have told yet. Rejects with a `ProblemError` if the cluster does not answer.
   */
  read(namespace: string, release?: string): Promise<ReadonlyMap<ReleaseKey, readonly RecordMark[]>>;
  /** Calls back with the key of each release whose records may have changed, right afterwards. */
  subscribe(listener: (key: ReleaseKey) => void): () => void;
  /** Resolves when all records have been listed once. */
  synced: Promise<void>;
}
