import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { WatchState } from '../../ports/cluster/watch-state.ts';

/** Measures the time since the last message of each watch of the cluster. */
export function measureWatches(watches: () => readonly WatchState[], metrics: Metrics, clock: Clock): void {
  metrics.gaugeBy(
    'walm_watch_lag_seconds',
    'Time since the API server was last heard on the watch of a kind; up to 18 s is normal, more is a watch that was cut.',
    'kind',
    () =>
      watches()
        .filter(({ heardAt }) => heardAt > 0)
        .map(({ kind, heardAt }) => [kind, (clock.now() - heardAt) / 1000] as const),
  );
}

/** Measures the length of each queue. */
export function measureQueues(queues: Readonly<Record<string, () => number>>, metrics: Metrics): void {
  metrics.gaugeBy('walm_queue_depth', 'What waits to be done, or is being done.', 'queue', () =>
    Object.entries(queues).map(([name, depth]) => [name, depth()] as const),
  );
}

/** The cache, counting hits and misses of single releases. */
export function measureCache(cache: ReleaseCache, metrics: Metrics): ReleaseCache {
  const reads = metrics.counter('walm_cache_reads_total', 'Reads of single releases from the cache.', ['outcome']);
  return {
    ...cache,
    async get(key) {
      const record = await cache.get(key);
      reads.add({ outcome: record === undefined ? 'miss' : 'hit' });
      return record;
    },
  };
}
