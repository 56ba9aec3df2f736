import { createHash } from 'node:crypto';
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
    async receive(bytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) {
        chunks.push(Uint8Array.from(chunk));
      }
      const archive = Buffer.concat(chunks);
      const digest = createHash('sha256').update(archive).digest('hex');
      return {
        digest,
        keep: () => Promise.resolve(void archives.set(digest, archive)),
        discard: () => Promise.resolve(),
      };
    },
    remove: (digest) => Promise.resolve(void archives.delete(digest)),
  };
}
