import { createHash } from 'node:crypto';
import type { ChartArchiveStore } from '../../ports/storage/chart-archive-store.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';

/** Archives in memory; `isReferenced` answers for the Helm records that a test imagines. */
export function createMemoryChartArchives(deps: {
  clock: Clock;
  isReferenced: (namespace: string, digest: string) => boolean;
}): ChartArchiveStore {
  const archives = new Map<string, { namespace: string; digest: string; keptAt: string; bytes: Uint8Array }>();
  return {
    put(namespace, digest, bytes) {
      const key = `${namespace}/${digest}`;
      if (!archives.has(key)) {
        archives.set(key, { namespace, digest, keptAt: timestamp(deps.clock), bytes });
      }
      return Promise.resolve();
    },
    get(namespace, digest) {
      const bytes = archives.get(`${namespace}/${digest}`)?.bytes;
      const whole = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === digest;
      return Promise.resolve(whole ? bytes : null);
    },
    list: (namespace) =>
      Promise.resolve(
        [...archives.values()]
          .filter((archive) => namespace === undefined || archive.namespace === namespace)
          .map(({ namespace: at, digest, keptAt }) => ({ namespace: at, digest, keptAt })),
      ),
    remove(namespace, digest) {
      archives.delete(`${namespace}/${digest}`);
      return Promise.resolve();
    },
    isReferenced: (namespace, digest) => Promise.resolve(deps.isReferenced(namespace, digest)),
  };
}
