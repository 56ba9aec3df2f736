import { createHash } from 'node:crypto';
import { type ArchiveUse, withUse } from '../../domain/charts/archive-uses.ts';
import type { ChartArchiveStore, KeptArchive } from '../../ports/storage/chart-archive-store.ts';
import type { Clock } from '../../ports/runtime/clock.ts';

type Stored = { namespace: string; digest: string; uses: ArchiveUse[]; version: number; bytes: Uint8Array };

/** Archives in memory; `isReferenced` answers for the Helm records that a test imagines. */
export function createMemoryChartArchives(deps: {
  clock: Clock;
  isReferenced: (namespace: string, digest: string) => boolean;
}): ChartArchiveStore {
  const archives = new Map<string, Stored>();
  let versions = 0;
  const keptOf = ({ namespace, digest, uses, version }: Stored): KeptArchive => ({
    namespace,
    digest,
    uses,
    parts: [{ name: digest, uid: '', version: String(version) }],
  });
  return {
    put(namespace, { digest, bytes }, task) {
      const key = `${namespace}/${digest}`;
      const known = archives.get(key) ?? { namespace, digest, uses: [], bytes };
      const uses = withUse(known.uses, { task, at: deps.clock.now() });
      archives.set(key, { ...known, uses, version: (versions += 1) });
      return Promise.resolve();
    },
    get(namespace, digest) {
      const bytes = archives.get(`${namespace}/${digest}`)?.bytes;
      const whole = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === digest;
      return Promise.resolve(whole ? bytes : null);
    },
    find(namespace, digest) {
      const found = archives.get(`${namespace}/${digest}`);
      return Promise.resolve(found === undefined ? null : keptOf(found));
    },
    list: (namespace) =>
      Promise.resolve(
        [...archives.values()]
          .filter((archive) => namespace === undefined || archive.namespace === namespace)
          .map(keptOf),
      ),
    remove({ namespace, digest, parts }) {
      const key = `${namespace}/${digest}`;
      const version = String(archives.get(key)?.version);
      if (parts.some((part) => part.version === version)) {
        archives.delete(key);
      }
      return Promise.resolve();
    },
    isReferenced: (namespace, digest) => Promise.resolve(deps.isReferenced(namespace, digest)),
  };
}
