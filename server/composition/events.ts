import type { Logger } from 'pino';
import type { Cluster } from './adapters/cluster.ts';
import type { Config } from '../config/config-options.ts';
import { describeRelease } from '../domain/answers/release-info.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { EventBus } from '../ports/runtime/event-bus.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../ports/storage/release-cache.ts';
import { createEventDelivery } from '../reconcilers/events/event-delivery.ts';
import { createReleaseStatuses, type ReleaseStatuses } from '../reconcilers/releases/release-statuses.ts';
import type { MonitoredPart } from '../services/system/health-registry.ts';
import { createEventLog } from '../services/events/event-log.ts';
import { createTaskEvents } from '../services/events/task-events.ts';
import { createFollowEvents, type FollowEvents } from '../services/events/follow-events.ts';
import { createListEvents, type ListEvents } from '../services/events/list-events.ts';

/** The parts that report changes. */
export interface Events {
  readonly followEvents: FollowEvents;
  readonly listEvents: ListEvents;
  /** The id of the latest event in the stream. */
  readonly latestEvent: () => string;
  /** The parts that publish to Kafka, and why publishing fails; empty if nothing is published. */
  readonly parts: readonly MonitoredPart[];
  readonly statuses: ReleaseStatuses;
  /** Number of releases whose latest state is not published yet. */
  pending(): number;
  /** Watches and publishes until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface EventsDeps {
  readonly config: Pick<Config, 'events'>;
  readonly bus: EventBus | null;
  readonly random: () => number;
  /** Distinguishes this process's event stream from any other. */
  readonly streamName: string;
  readonly cluster: Pick<Cluster, 'live' | 'tasks' | 'leadership' | 'deliveryMarks'>;
  readonly cache: ReleaseCache;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Everything that reports changes: the statuses of releases, the event stream for HTTP clients, and the publisher if
 * there is an event bus.
 */
export function createEvents(deps: EventsDeps): Events {
  const { config, cluster, cache, complete, bus, random, streamName, metrics, clock, log } = deps;
  const { live, tasks, leadership } = cluster;
  const statuses = createReleaseStatuses({
    cache,
    live,
    tasks,
    describe: async (key) => describeRelease(await cache.get(key), live, tasks.tasksOf(key), clock.now()),
    clock,
    random,
    onError: (key, error) => log.warn({ release: key, err: error }, 'publishing the release status failed'),
  });
  const events = createEventLog(streamName);
  statuses.subscribe(({ status: { key: _key, ...data } }, before) => {
    if (before?.status.sequence !== data.sequence) {
      events.append({ type: 'release', data });
    }
  });
  tasks.subscribe(createTaskEvents(clock, (data) => events.append({ type: 'task', data })));

  const lag = metrics.histogram(
    'walm_event_delivery_seconds',
    'Time from a change of a release to its acknowledgement by Kafka.',
    [],
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300],
  );
  let problem: string | null = null;
  const delivery =
    bus === null
      ? null
      : createEventDelivery({
          statuses,
          complete: complete.then(() => statuses.drain()),
          bus,
          marks: cluster.deliveryMarks,
          leadership,
          clock,
          topics: { config: config.events.configTopic, status: config.events.statusTopic },
          resendMs: config.events.resendSec * 1000,
          onError(error) {
            problem = error instanceof Error ? error.message : 'events are not delivered';
            log.warn({ part: 'events', err: error }, 'event delivery failed, will retry');
          },
          onDelivered(seconds) {
            problem = null;
            lag.observe({}, seconds);
          },
        });
  if (delivery !== null) {
    metrics.gauge('walm_events_pending', 'Releases whose latest state is not published yet.', () => delivery.pending());
  }

  return {
    statuses,
    latestEvent: events.latest,
    parts: delivery === null ? [] : [{ name: 'events', check: () => problem }],
    pending: () => delivery?.pending() ?? 0,
    listEvents: createListEvents({ log: events, clock }),
    followEvents: createFollowEvents({
      log: events,
      present: () => [...statuses.all()].map(({ status: { key: _key, ...data } }) => data),
      clock,
    }),
    async run(signal) {
      await Promise.all([statuses.run(signal), delivery?.run(signal)]);
    },
  };
}
