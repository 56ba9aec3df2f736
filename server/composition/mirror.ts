import type { Logger } from 'pino';
import type { RedisSettings } from '../adapters/redis/redis-settings.ts';
import { createRedisSharedCache } from '../adapters/redis/shared-cache.ts';
import type { createClusterParts } from './cluster/cluster.ts';
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
import { readTlsFiles } from '../config/tls-files.ts';

/** What copies for other readers need from the rest of the server. */
export interface CachePartsDeps {
  readonly config: Pick<Config, 'cache' | 'redisConfig'>;
  readonly cluster: Pick<ReturnType<typeof createClusterParts>, 'records' | 'tasks' | 'leadership'>;
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

/** Longest pause between two attempts to reach Redis. */
const LONGEST_PAUSE_MS = 3_000;

/**
 * Puts together what writes copies of releases and tasks to Redis, and reads them at the start. Nothing of it without
 * `redisConfig.addr`. Throws for an address that is none, and when a file that the configuration names cannot be read.
 */
export function createCacheParts(deps: CachePartsDeps): CacheParts {
  const { config, cluster, engine, cache, maskManifests, maker, metrics, clock, log } = deps;
  const settings = redisSettings(config.redisConfig);
  if (settings === null) {
    return { parts: [], run: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  const shared = createLoggedCache(settings, log);
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
    onTrouble: (error) => log.warn({ part: 'cache', err: error }, 'copies are not written to Redis, trying again'),
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

/** Says in the log when Redis comes and goes, and why it cannot be reached: each reason once. */
function createLoggedCache(settings: RedisSettings, log: Logger): SharedCache {
  let said = '';
  const shared = createRedisSharedCache(settings, (error) => {
    const { message } = error;
    log[message === said ? 'debug' : 'warn']({ part: 'cache', reason: message }, 'Redis cannot be reached');
    said = message;
  });
  shared.subscribe((up) => {
    if (up) {
      said = '';
      log.info({ part: 'cache' }, 'Redis answers');
    } else {
      log.warn({ part: 'cache' }, 'Redis does not answer; what is in it is written again when it does');
    }
  });
  return shared;
}

/** The settings of Redis; null where there is none. */
function redisSettings(config: Config['redisConfig']): RedisSettings | null {
  const { addr, username, password, db, timeoutMs } = config;
  if (addr === '') {
    return null;
  }
  const { hostname, port } = parseAddress(addr);
  const tls = readTlsFiles(config, 'redisConfig');
  return {
    host: hostname,
    port,
    db,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls !== null && { tls }),
    connectTimeoutMs: timeoutMs,
    commandTimeoutMs: timeoutMs,
    longestPauseMs: LONGEST_PAUSE_MS,
  };
}

/** An address without a port has Redis' own. */
function parseAddress(addr: string): { hostname: string; port: number } {
  const [, v6, name, port = '6379'] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(addr) ?? [];
  const hostname = v6 ?? name;
  if (hostname === undefined || Number(port) > 65_535) {
    throw new Error('redisConfig.addr: give host:port, as in redis.example.com:6379');
  }
  return { hostname, port: Number(port) };
}
