import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { SharedCache } from '../../ports/storage/shared-cache.ts';

/** The metrics of the copies in Redis. */
export interface MirrorMeasures {
  /** A release was looked up in Redis at the start. */
  read(hit: boolean): void;
  /** A field was written so many seconds after its change; null: because a resync found it wrong. */
  written(seconds: number | null): void;
}

export function measureMirror(
  shared: Pick<SharedCache, 'isUp'>,
  pending: () => number,
  metrics: Metrics,
): MirrorMeasures {
  const reads = metrics.counter(
    'walm_shared_cache_reads_total',
    'Releases looked for in Redis at the start: hit, or miss where they were read from the cluster.',
    ['result'],
  );
  const writes = metrics.counter(
    'walm_shared_cache_writes_total',
    'Fields written to Redis: after a change, or because a resync found them wrong.',
    ['cause'],
  );
  const lag = metrics.histogram(
    'walm_shared_cache_write_seconds',
    'Time from a change of a release or task to its copy in Redis.',
    [],
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 300],
  );
  metrics.gauge('walm_shared_cache_up', '1 while Redis answers.', () => Number(shared.isUp()));
  metrics.gauge('walm_shared_cache_pending', 'Fields in Redis that are still to be looked at.', pending);
  return {
    read: (hit) => reads.add({ result: hit ? 'hit' : 'miss' }),
    written(seconds) {
      writes.add({ cause: seconds === null ? 'resync' : 'change' });
      if (seconds !== null) lag.observe({}, seconds);
    },
  };
}
