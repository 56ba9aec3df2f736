import type { Cluster } from './adapters/cluster.ts';
import { countReady } from '../domain/answers/count-ready.ts';
import type { HelmControl } from '../ports/helm/helm-control.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import type { ReleaseStatuses } from '../reconcilers/releases/release-statuses.ts';
import { createServerStatusTeller } from '../services/system/get-server-status.ts';
import type { MonitoredPart } from '../services/system/health-registry.ts';
import { createUnsealedCount } from '../services/trust/unsealed-count.ts';
import type { ViewReadiness } from './view-readiness.ts';

export interface StatusDeps {
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'leadership' | 'tasks' | 'watches'>;
  readonly engine: Pick<HelmControl, 'info'>;
  readonly instanceId: string;
  /** Parts whose failure does not make the server unready. */
  readonly optional: readonly MonitoredPart[];
  readonly readiness: ViewReadiness;
  readonly statuses: Pick<ReleaseStatuses, 'all'>;
  readonly version: string;
  readonly clock: Clock;
}

/** Reports the health of the server. */
export function createStatus(deps: StatusDeps) {
  const { cache, cluster, engine, instanceId, optional, readiness, statuses, version, clock } = deps;
  const unsealed = createUnsealedCount(cache);
  return createServerStatusTeller({
    version,
    instanceId,
    parts: [...readiness.parts.map(({ name, waitsFor }) => ({ name, check: waitsFor })), ...optional],
    watches: () => cluster.watches(),
    stale: readiness.stale,
    releases: () => ({ ...countReady(statuses.all()), unsealed: unsealed.count() }),
    engine,
    leadership: cluster.leadership,
    tasks: cluster.tasks,
    clock,
  });
}
