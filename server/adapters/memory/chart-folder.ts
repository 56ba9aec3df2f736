import type { ChartFolder } from '../../ports/helm/chart-folder.ts';

/** Archives in memory, for tests that have no engine. */
export function createMemoryChartFolder(): ChartFolder {
  const archives = new Map<string, Uint8Array>();
  return {
    has: (digest) => Promise.resolve(archives.has(digest)),
    read: (digest) => Promise.resolve(archives.get(digest) ?? null),
    write(digest, bytes) {
      archives.set(digest, Uint8Array.from(bytes));
      return Promise.resolve();
    },
  };
}
