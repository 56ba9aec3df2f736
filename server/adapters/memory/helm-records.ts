import { createHelmRecordIndex } from '../../domain/indexes/helm-record-index.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { HelmStatus } from '../../domain/revisions/helm-status.ts';
import type { HelmRecords } from '../../ports/helm/helm-records.ts';
import { recordName } from '../../domain/names/helm-record-name.ts';

/** Helm's records as set by a test. */
export type MemoryHelmRecords = HelmRecords & {
  /**
   * Writes the record of a revision; another `uid` makes it a new record under the old name, another version an edited
   * one.
   */
  write(key: ReleaseKey, revision: number, status: HelmStatus, uid?: string, resourceVersion?: string): void;
  remove(key: ReleaseKey, revision: number): void;
};

/** No records at first. */
export function createMemoryHelmRecords(): MemoryHelmRecords {
  const index = createHelmRecordIndex();
  const listeners = new Set<(key: ReleaseKey) => void>();

  function metadataOf(key: ReleaseKey, revision: number, status: HelmStatus, uid: string, resourceVersion = '') {
    const { namespace, name } = parseReleaseKey(key);
    const labels = { name, owner: 'helm', version: String(revision), status };
    return { name: recordName(name, revision), namespace, uid, resourceVersion, labels };
  }

  return {
    latest: (key) => index.latest(key),
    revisions: (key) => index.revisions(key),
    keys: () => index.keys(),
    synced: Promise.resolve(),
    read(namespace, release) {
      const isWanted = (key: ReleaseKey) => {
        const place = parseReleaseKey(key);
        return place.namespace === namespace && (release === undefined || place.name === release);
      };
      return Promise.resolve(
        new Map(index.keys().flatMap((key) => (isWanted(key) ? [[key, index.revisions(key)]] : []))),
      );
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    write(key, revision, status, uid = 'first', resourceVersion = status) {
      index.put(metadataOf(key, revision, status, uid, resourceVersion));
      listeners.forEach((listener) => listener(key));
    },
    remove(key, revision) {
      index.remove(metadataOf(key, revision, 'unknown', ''));
      listeners.forEach((listener) => listener(key));
    },
  };
}
