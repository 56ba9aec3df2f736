import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';

/** Counts the releases whose newest revision has no valid seal, from now on. */
export function createUnsealedCount(cache: Pick<ReleaseCache, 'subscribe'>): { count(): number } {
  const unsealed = new Set<ReleaseKey>();
  cache.subscribe((key, record) => {
    if (record === null || record.seal.sealed) {
      unsealed.delete(key);
    } else {
      unsealed.add(key);
    }
  });
  return { count: () => unsealed.size };
}
