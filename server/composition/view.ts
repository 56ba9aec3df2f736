import type { Logger } from 'pino';
import type { Cluster } from './adapters/cluster.ts';
import type { Jobs } from './releases/jobs.ts';
import type { Config } from '../config/config-options.ts';
import { memoryUnitOf } from '../config/memory-unit.ts';
import type { HelmReader } from '../ports/helm/helm-reader.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import { createLiveView, type LiveView, type LiveViewDeps } from '../reconcilers/releases/live-view.ts';

export interface ViewDeps {
  readonly config: Pick<Config, 'compatibility' | 'metaInfo'>;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'leadership' | 'live' | 'records' | 'tasks'>;
  readonly engine: Pick<HelmReader, 'getReleases'>;
  readonly findShared: LiveViewDeps['findShared'];
  readonly jobs: Pick<Jobs, 'describeRevision' | 'findSecrets'>;
  readonly metrics: Metrics;
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the releases of the cluster in the cache, with its metric. */
export function createView(deps: ViewDeps): LiveView {
  const { config, cache, cluster, engine, findShared, jobs, metrics, random, clock, log } = deps;
  const { leadership, live, records, tasks } = cluster;
  const shown = metrics.histogram(
    'walm_view_delay_seconds',
    "Time from hearing of a change of a release's records until it is shown.",
    [],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15],
  );
  return createLiveView({
    ...(findShared && { findShared }),
    engine,
    records,
    live,
    cache,
    clock,
    describeRevision: jobs.describeRevision,
    findSecrets: jobs.findSecrets,
    memoryUnit: memoryUnitOf(config),
    random,
    isBusy: (key) => leadership.isLeader() && tasks.unfinishedOf(key).length > 0,
    onError: (key, error) => log.warn({ release: key, err: error }, 'reading the release failed, will retry'),
    onShown: (seconds) => shown.observe({}, seconds),
  });
}
