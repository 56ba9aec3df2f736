import type { ServerStatus } from '../../../contract/schemas/server-status.ts';
import { watchProblem } from '../../domain/errors/watch-problem.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { HelmControl } from '../../ports/helm/helm-control.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { WatchState } from '../../ports/cluster/watch-state.ts';
import { createHealthRegistry, type MonitoredPart } from './health-registry.ts';

export type ServerStatusDeps = {
  version: string;
  instanceId: string;
  parts: readonly MonitoredPart[];
  watches: () => readonly WatchState[];
  stale: () => boolean;
  releases: () => ServerStatus['releases'];
  engine: Pick<HelmControl, 'info'>;
  leadership: Pick<Leadership, 'isLeader'>;
  tasks: Pick<TaskStore, 'unfinished' | 'refused'>;
  clock: Clock;
};

/** Reports the health of this replica. */
export type ServerStatusTeller = {
  tell(): ServerStatus;
  /** Checks every part each second until `signal` is aborted, to record since when its state is as it is. */
  run(signal: AbortSignal): Promise<void>;
};

/** Created when the server starts: parts that are healthy at the first check are so since then. */
export function createServerStatusTeller(deps: ServerStatusDeps): ServerStatusTeller {
  const { version, instanceId, leadership, tasks, clock } = deps;
  const startedAt = timestamp(clock);
  const parts = createHealthRegistry(() => deps.parts, clock);
  const watches = createHealthRegistry(
    () => deps.watches().map((state) => ({ name: state.kind, check: () => watchProblem(state, clock.now()) })),
    clock,
  );

  function silentSec(kind: string): number {
    const heardAt = deps.watches().find((state) => state.kind === kind)?.heardAt ?? 0;
    return (clock.now() - (heardAt === 0 ? Date.parse(startedAt) : heardAt)) / 1000;
  }

  return {
    tell() {
      const partHealth = parts.list();
      const watchHealth = watches.list();
      const running = tasks.unfinished().filter(({ task }) => task.state === 'running').length;
      const refused = tasks.refused();
      const newer = refused.filter((task) => task.newer).length;
      return {
        version,
        instance: instanceId,
        startedAt,
        healthy: [...partHealth, ...watchHealth].every(({ healthy }) => healthy),
        stale: deps.stale(),
        leading: leadership.isLeader(),
        parts: partHealth,
        watches: watchHealth.map(({ name, ...health }) => ({ kind: name, ...health, silentSec: silentSec(name) })),
        isolation: deps.engine.info()?.isolation ?? [],
        releases: deps.releases(),
        tasks: { queued: tasks.unfinished().length - running, running, unsealed: refused.length - newer, newer },
      };
    },
    async run(signal) {
      await Promise.all([parts.run(signal), watches.run(signal)]);
    },
  };
}
