import type { Logger } from 'pino';
import type { Adapters } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import { createEvents, type Events } from './events.ts';
import { createMirror, type Mirror, openSharedCache } from './mirror.ts';
import type { Jobs } from './releases/jobs.ts';
import { createView } from './view.ts';
import { createViewReadiness, type ViewReadiness } from './view-readiness.ts';
import type { Config } from '../config/config-options.ts';
import { memoryUnitOf } from '../config/memory-unit.ts';
import type { HelmEngine } from '../ports/helm/helm-engine.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { Closer } from '../process/closer.ts';
import type { LiveView } from '../reconcilers/releases/live-view.ts';
import type { SealRing } from '../services/trust/seal-ring.ts';

/** What every replica knows of the cluster, and reports to others. */
export interface Watching {
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly events: Events;
  readonly liveView: LiveView;
  readonly mirror: Mirror;
  readonly readiness: ViewReadiness;
}

export interface WatchingDeps {
  readonly adapters: Adapters;
  readonly cache: ReleaseCache;
  readonly closer: Closer;
  readonly cluster: Cluster;
  readonly config: Config;
  readonly engine: HelmEngine;
  readonly jobs: Pick<Jobs, 'describeRevision' | 'findSecrets' | 'maskManifests'>;
  readonly metrics: Metrics;
  readonly ring: SealRing;
  readonly version: string;
  readonly log: Logger;
}

export async function createWatching(deps: WatchingDeps): Promise<Watching> {
  const { adapters, cache, closer, cluster, config, engine, jobs, metrics, ring, version, log } = deps;
  const { clock, random } = adapters;
  const shared = await openSharedCache(adapters.sharedCache, config, log);
  closer.push('shared cache', async () => shared?.close());
  const maker = `${version} ${memoryUnitOf(config)}`;
  const mirror = createMirror({
    cache,
    cluster,
    config,
    engine,
    maker,
    maskManifests: jobs.maskManifests,
    metrics,
    ring,
    shared,
    clock,
    log,
  });
  const { findShared } = mirror;
  const liveView = createView({ config, cache, cluster, engine, findShared, jobs, metrics, random, clock, log });
  const complete = Promise.all([liveView.synced, cluster.live.synced, cluster.tasks.synced()]);
  const bus = await adapters.eventBus(config, clock);
  closer.push('event bus', async () => bus?.close());
  const streamName = adapters.secret(6).toString('hex');
  const events = createEvents({ bus, cache, cluster, complete, config, metrics, random, streamName, clock, log });
  const readiness = createViewReadiness({ cluster, engine, liveView, clock });
  return { complete, events, liveView, mirror, readiness };
}
