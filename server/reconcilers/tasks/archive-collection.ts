import { parseReleaseKey } from '../../domain/names/release-key.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createReconciler } from '../loop/reconciler.ts';

export type ArchiveCollectionDeps = {
  cache: Pick<ReleaseCache, 'subscribe'>;
  leadership: Pick<Leadership, 'isLeader'>;
  /** Removes the archives of a namespace that nothing refers to; of all namespaces if none is named. */
  collectArchives: (namespace?: string) => Promise<void>;
  clock: Clock;
  random: () => number;
  /** Younger archives are left alone, so an earlier check would be useless. */
  delayMs: number;
  onError: (error: unknown) => void;
};

/**
 * Checks the archives of a namespace some time after a release there is gone, because plain `helm uninstall` does not
 * remove the archives that Walm stores beside a release.
 */
export function createArchiveCollection(deps: ArchiveCollectionDeps): { run(signal: AbortSignal): Promise<void> } {
  const { cache, leadership, collectArchives, clock, random, delayMs, onError } = deps;
  const due = new Map<string, number>();
  const reconciler = createReconciler({
    clock,
    random,
    concurrency: 1,
    onError: (_, error) => onError(error),
    async reconcile(namespace) {
      const leftMs = (due.get(namespace) ?? 0) - clock.now();
      if (leftMs > 0) {
        return { requeueAfterMs: leftMs };
      }
      due.delete(namespace);
      if (leadership.isLeader()) {
        await collectArchives(namespace);
      }
      return undefined;
    },
  });

  return {
    async run(signal) {
      const unsubscribe = cache.subscribe((key, record) => {
        if (record === null) {
          const { namespace } = parseReleaseKey(key);
          due.set(namespace, clock.now() + delayMs);
          reconciler.enqueue(namespace);
        }
      });
      await reconciler.run(signal);
      unsubscribe();
    },
  };
}
