import type { Logger } from 'pino';
import type { Cluster } from '../adapters/cluster.ts';
import type { Config } from '../../config/config-options.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createArchiveCollection } from '../../reconcilers/tasks/archive-collection.ts';
import { createHousekeeping } from '../../reconcilers/tasks/housekeeping.ts';
import type { CurrentReleases } from '../../services/releases/observe/current-releases.ts';
import { YOUNG_ARCHIVE_MS } from '../../domain/charts/archive-uses.ts';
import { type ClearingDeps as ActorDeps, createCollectArchives } from '../../services/charts/collect-archives.ts';

export interface ClearingDeps {
  readonly config: Pick<Config, 'kubernetes' | 'tasks'>;
  readonly actorIn: ActorDeps['actorIn'];
  readonly cache: ReleaseCache;
  readonly current: CurrentReleases;
  readonly cluster: Pick<Cluster, 'archives' | 'leadership' | 'tasks'>;
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Removes old tasks, and archives that no revision needs. */
export function createClearing({ config, actorIn, cache, current, cluster, random, clock, log }: ClearingDeps) {
  const { archives, leadership, tasks } = cluster;
  const collectArchives = createCollectArchives({
    archives,
    stagingNamespace: config.kubernetes.systemNamespace,
    store: tasks,
    clock,
    actorIn,
  });
  const onError = (error: unknown) => log.warn({ part: 'clearing', err: error }, 'cleanup incomplete, will retry');
  const housekeeping = createHousekeeping({
    store: tasks,
    cache,
    current,
    leadership,
    collectArchives,
    clock,
    retentionMs: config.tasks.retentionSec * 1000,
    onError,
  });
  const archiveCollection = createArchiveCollection({
    cache,
    leadership,
    collectArchives,
    clock,
    random,
    delayMs: YOUNG_ARCHIVE_MS,
    onError,
  });
  return {
    async run(signal: AbortSignal): Promise<void> {
      await Promise.all([housekeeping.run(signal), archiveCollection.run(signal)]);
    },
  };
}
