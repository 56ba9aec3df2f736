import type { Adapters } from './adapters/adapters.ts';
import type { Cluster } from './adapters/cluster.ts';
import type { Releases } from './releases/releases.ts';
import type { Watching } from './watching.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { Closer } from '../process/closer.ts';
import { measureTasks } from './wrappers/measured-tasks.ts';
import { measureQueues, measureWatches } from './wrappers/measured-view.ts';

export interface MeasuresDeps {
  readonly adapters: Pick<Adapters, 'clock' | 'eventLoopDelay'>;
  readonly closer: Closer;
  readonly cluster: Pick<Cluster, 'leadership' | 'tasks' | 'watches'>;
  readonly metrics: Metrics;
  readonly releases: Pick<Releases, 'dependencyDepth'>;
  readonly watching: Pick<Watching, 'events' | 'liveView'>;
}

/** Collects metrics of the server as a whole, until it is closed. */
export function measureServer({ adapters, closer, cluster, metrics, releases, watching }: MeasuresDeps): void {
  const { clock, eventLoopDelay } = adapters;
  const { leadership, tasks } = cluster;
  const { events, liveView } = watching;
  const delay = eventLoopDelay(clock);
  closer.push('event loop', () => delay.stop());
  metrics.gaugeBy(
    'walm_event_loop_delay_seconds',
    'How long callbacks waited for the event loop in the last minute.',
    'quantile',
    () => delay.quantiles(),
  );
  measureTasks(tasks, metrics, clock);
  measureWatches(() => cluster.watches(), metrics, clock);
  const queues = {
    releases: () => liveView.depth(),
    statuses: () => events.statuses.depth(),
    dependencies: () => releases.dependencyDepth(),
    tasks: () => tasks.unfinished().length,
    events: () => events.pending(),
  };
  measureQueues(queues, metrics);
  metrics.gauge('walm_leading', '1 while this replica changes releases.', () => Number(leadership.isLeader()));
}
