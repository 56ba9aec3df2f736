import type { Logger } from 'pino';
import type { Adapters } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import type { HelmReader } from '../ports/helm/helm-reader.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { SharedCache } from '../ports/storage/shared-cache.ts';
import { createCacheResync } from '../reconcilers/mirror/cache-resync.ts';
import { createReleaseCopies } from '../reconcilers/mirror/release-copies.ts';
import { createSharedRecords } from '../reconcilers/mirror/shared-records.ts';
import { createMirrorSource } from '../reconcilers/mirror/mirror-source.ts';
import type { LiveView, LiveViewDeps } from '../reconcilers/releases/live-view.ts';
import type { MaskManifests } from '../services/history/mask-manifests.ts';
import type { MonitoredPart } from '../services/system/health-registry.ts';
import { createEntrySeal, type EntrySeal } from '../services/trust/entry-seal.ts';
import type { SealRing } from '../services/trust/seal-ring.ts';
import { measureMirror } from './wrappers/measured-mirror.ts';

export interface MirrorDeps {
  readonly config: Pick<Config, 'cache'>;
  /** Null: no copies are kept. */
  readonly shared: SharedCache | null;
  readonly cluster: Pick<Cluster, 'records' | 'tasks' | 'leadership'>;
  readonly ring: Pick<SealRing, 'sharedCache' | 'onChange'>;
  readonly engine: Pick<HelmReader, 'getReleases'>;
  readonly cache: ReleaseCache;
  readonly maskManifests: MaskManifests;
  /** Identifies how this process computes records: its version, and the options that affect them. */
  readonly maker: string;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Copies of releases and tasks in Redis. */
export interface Mirror {
  /** Absent without Redis. */
  readonly findShared?: NonNullable<LiveViewDeps['findShared']>;
  /** The parts shown in the status of the server; empty without Redis. */
  readonly parts: readonly MonitoredPart[];
  /** Keeps the copies up to date until `signal` is aborted. */
  run(liveView: Pick<LiveView, 'synced'>, signal: AbortSignal): Promise<void>;
}

/** Writes copies to Redis, and reads them at the start; does nothing without Redis. */
export function createMirror(deps: MirrorDeps): Mirror {
  const { config, shared, cluster, ring, engine, cache, maskManifests, maker, metrics, clock, log } = deps;
  if (shared === null) {
    return { parts: [], run: () => Promise.resolve() };
  }
  const { records, tasks, leadership } = cluster;
  const seal = keptSeal(ring);
  const releaseCopy = createReleaseCopies({ cache, records, engine, seal, maskManifests, maker });
  const known = Promise.withResolvers<void>();
  const resync = createCacheResync({
    shared,
    source: createMirrorSource({ cache, records, tasks, releaseCopy, clock }),
    complete: known.promise,
    leadership,
    clock,
    resyncMs: config.cache.resyncSec * 1000,
    onError: (error) => log.warn({ part: 'cache', err: error }, 'writing to Redis failed, will retry'),
    onWritten: (seconds) => measures.written(seconds),
  });
  const measures = measureMirror(shared, () => resync.pending(), metrics);
  return {
    parts: [{ name: 'redis', check: () => (shared.isUp() ? null : 'Redis does not answer') }],
    findShared: createSharedRecords({ shared, seal, maker, onRead: (hit) => measures.read(hit) }),
    async run(liveView, signal) {
      void Promise.all([liveView.synced, tasks.synced()]).then(() => known.resolve());
      await resync.run(signal);
    },
  };
}

/** The seal of copies under the present keys. */
function keptSeal(ring: Pick<SealRing, 'sharedCache' | 'onChange'>): () => Promise<EntrySeal> {
  let entrySeal: Promise<EntrySeal> | undefined;
  ring.onChange(() => (entrySeal = undefined));
  return function seal() {
    entrySeal ??= ring.sharedCache().then(createEntrySeal);
    entrySeal.catch(() => (entrySeal = undefined));
    return entrySeal;
  };
}

/** The configured Redis. Logs when it becomes reachable or unreachable, and each reason once. */
export async function openSharedCache(
  open: Adapters['sharedCache'],
  config: Config,
  log: Logger,
): Promise<SharedCache | null> {
  let said = '';
  const shared = await open(config, ({ message }) => {
    log[message === said ? 'debug' : 'warn']({ part: 'cache', reason: message }, 'Redis cannot be reached');
    said = message;
  });
  shared?.subscribe((up) => {
    if (up) {
      said = '';
      log.info({ part: 'cache' }, 'Redis is reachable');
    } else {
      log.warn({ part: 'cache' }, 'Redis is unreachable; its content is written again once it is back');
    }
  });
  return shared;
}
