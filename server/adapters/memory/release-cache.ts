import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';

type Listener = Parameters<ReleaseCache['subscribe']>[0];

function compare(a: ReleaseRecord, b: ReleaseRecord): number {
  if (a.namespace !== b.namespace) {
    return a.namespace < b.namespace ? -1 : 1;
  }
  return a.name < b.name ? -1 : 1;
}

/** The cache of one process: lost when it ends, and rebuilt from the cluster when it starts. */
export function createMemoryReleaseCache(): ReleaseCache {
  const records = new Map<ReleaseKey, ReleaseRecord>();
  const listeners = new Set<Listener>();
  let sorted: readonly ReleaseRecord[] | undefined;
  return {
    get: (key) => Promise.resolve(records.get(key)),
    list(namespace) {
      sorted ??= [...records.values()].sort(compare);
      return Promise.resolve(
        namespace === undefined ? sorted : sorted.filter((record) => record.namespace === namespace),
      );
    },
    put(record) {
      records.set(record.key, record);
      sorted = undefined;
      listeners.forEach((listener) => listener(record.key, record));
      return Promise.resolve();
    },
    remove(key) {
      if (records.delete(key)) {
        sorted = undefined;
        listeners.forEach((listener) => listener(key, null));
      }
      return Promise.resolve();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
