import type { Logger } from 'pino';
import type { Cluster } from '../adapters/cluster.ts';
import type { AutomationParts } from './automation.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createOutputPropagation } from '../../reconcilers/dependencies/output-propagation.ts';
import type { ReleaseStatuses } from '../../reconcilers/releases/release-statuses.ts';
import type { ReadProvider } from '../../services/dependencies/read-provider.ts';

export interface PropagationDeps {
  readonly automation: Pick<AutomationParts, 'denialOf' | 'denials' | 'hasRight' | 'judgeInjection'>;
  readonly cache: ReleaseCache;
  readonly cluster: Pick<Cluster, 'leadership' | 'live' | 'secretChanges' | 'tasks'>;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly readProvider: ReadProvider;
  readonly statuses: Pick<ReleaseStatuses, 'subscribe'>;
  readonly metrics: Metrics;
  readonly random: () => number;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Propagates outputs of providers to dependents, with its metric. */
export function createPropagation(deps: PropagationDeps) {
  const { automation, cache, cluster, complete, readProvider, statuses, metrics, random, newId, clock, log } = deps;
  const propagation = metrics.histogram(
    'walm_propagation_seconds',
    "Time from a change of a provider until a dependent's upgrade was begun.",
    [],
    [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 60, 300],
  );
  return createOutputPropagation({
    complete,
    cache,
    live: cluster.live,
    secrets: cluster.secretChanges,
    store: cluster.tasks,
    leadership: cluster.leadership,
    readProvider,
    judge: automation.judgeInjection,
    hasRight: automation.hasRight,
    denials: automation.denials,
    denialOf: automation.denialOf,
    onReadiness: (listener) =>
      statuses.subscribe(({ status }, before) => {
        if (status.ready !== before?.status.ready) {
          listener(status.key);
        }
      }),
    clock,
    random,
    newId,
    onError: (key, error) => log.warn({ release: key, err: error }, 'updating the dependent failed, will retry'),
    onPropagated: (seconds) => propagation.observe({}, seconds),
  });
}
