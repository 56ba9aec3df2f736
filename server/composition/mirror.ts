import type { Logger } from 'pino';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { SharedCache } from '../ports/storage/shared-cache.ts';
import { createCacheResync } from '../reconcilers/mirror/cache-resync.ts';
import type { LiveView, LiveViewDeps } from '../reconcilers/releases/live-view.ts';
import { createReleaseCopies } from '../reconcilers/mirror/release-copies.ts';
import { createSharedRecords } from '../reconcilers/mirror/shared-records.ts';
import { createSharedTruth } from '../reconcilers/mirror/shared-truth.ts';
import { createEntrySeal, type EntrySeal } from '../services/trust/entry-seal.ts';
import type { MaskManifests } from '../services/history/mask-manifests.ts';
import type { SealRing } from '../services/trust/seal-ring.ts';
import type { LookedAtPart } from '../services/system/health-board.ts';

/** What copies for other readers need from the rest of the server. */
export interface CachePartsDeps {
  readonly config: Pick<Config, 'cache'>;
  /** Null: no copies are kept. */
  readonly shared: SharedCache | null;
  readonly cluster: Pick<Cluster, 'records' | 'tasks' | 'leadership'>;
  readonly ring: Pick<SealRing, 'sharedCache' | 'onChange'>;
  readonly engine: Pick<HelmEngine, 'getReleases'>;
  readonly cache: ReleaseCache;
  readonly maskManifests: MaskManifests;
  /** What computes records in this process: its version, and the options that change them. */
  readonly maker: string;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The shared cache as the rest of the server uses it. */
export interface CacheParts {
  /** Absent without Redis. */
  readonly findShared?: NonNullable<LiveViewDeps['findShared']>;
  /** What the status of the server tells of; empty without Redis. */
  readonly parts: readonly LookedAtPart[];
  /** Keeps the copies true until `signal` is aborted. */
  run(liveView: Pick<LiveView, 'synced'>, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts together what writes copies of releases and tasks to Redis, and reads them at the start. Nothing of it without
 * Redis.
 */
export function createCacheParts(deps: CachePartsDeps): CacheParts {
  const { config, shared, cluster, engine, cache, maskManifests, maker, metrics, clock, log } = deps;
  if (shared === null) {
    return { parts: [], run: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  logReachability(shared, log);
  const { records, tasks, leadership } = cluster;
  let entrySeal: Promise<EntrySeal> | undefined;
  deps.ring.onChange(() => (entrySeal = undefined));
  const seal = () => {
    entrySeal ??= deps.ring.sharedCache().then(createEntrySeal);
    entrySeal.catch(() => (entrySeal = undefined));
    return entrySeal;
  };

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

  const releaseCopy = createReleaseCopies({ cache, records, engine, seal, maskManifests, maker });
  const truth = createSharedTruth({ cache, records, tasks, releaseCopy, clock });
  const known = Promise.withResolvers<void>();
  const resync = createCacheResync({
    shared,
    truth,
    complete: known.promise,
    leadership,
    clock,
    resyncMs: config.cache.resyncSec * 1000,
    onError: (error) => log.warn({ part: 'cache', err: error }, 'writing to Redis failed, will retry'),
    onWritten(seconds) {
      writes.add({ cause: seconds === null ? 'resync' : 'change' });
      if (seconds !== null) lag.observe({}, seconds);
    },
  });
  metrics.gauge('walm_shared_cache_pending', 'Fields in Redis that are still to be looked at.', () => resync.pending());

  return {
    parts: [{ name: 'redis', look: () => (shared.isUp() ? null : 'Redis does not answer') }],
    findShared: createSharedRecords({
      shared,
      seal,
      maker,
      onRead: (hit) => reads.add({ result: hit ? 'hit' : 'miss' }),
    }),
    async run(liveView, signal) {
      void Promise.all([liveView.synced, tasks.synced()]).then(() => known.resolve());
      await resync.run(signal);
    },
    close: () => shared.close(),
  };
}

/** Says in the log when Redis comes and goes. */
function logReachability(shared: SharedCache, log: Logger): void {
  shared.subscribe((up) => {
    if (up) {
      log.info({ part: 'cache' }, 'Redis is reachable');
    } else {
      log.warn({ part: 'cache' }, 'Redis is unreachable; its content is written again once it is back');
    }
  });
}
