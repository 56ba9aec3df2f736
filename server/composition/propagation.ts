import type { Logger } from 'pino';
import type { Cluster } from './adapters/cluster.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { Metrics } from '../ports/runtime/metrics.ts';
import {
  createDependencyInjection,
  type DependencyInjectionDeps,
} from '../reconcilers/dependencies/dependency-injection.ts';
import type { ReleaseStatuses } from '../reconcilers/releases/release-statuses.ts';

/** What following the outputs of providers needs from the rest of the server. */
export type PropagationPartsDeps = Pick<
  DependencyInjectionDeps,
  'cache' | 'complete' | 'denialOf' | 'denials' | 'hasRight' | 'newId' | 'random' | 'readProvider'
> &
  Pick<Cluster, 'leadership' | 'live' | 'secretChanges' | 'tasks'> & {
    judgeInjection: DependencyInjectionDeps['judge'];
    statuses: Pick<ReleaseStatuses, 'subscribe'>;
    metrics: Metrics;
    clock: Clock;
    log: Logger;
  };

/** Puts together what gives dependents the outputs of their providers, and its metric. */
export function createPropagationParts(deps: PropagationPartsDeps) {
  const { statuses, metrics, log } = deps;
  const propagation = metrics.histogram(
    'walm_propagation_seconds',
    "Time from a change of a provider until a dependent's upgrade was begun.",
    [],
    [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 60, 300],
  );
  return createDependencyInjection({
    ...deps,
    judge: deps.judgeInjection,
    secrets: deps.secretChanges,
    store: deps.tasks,
    onReadiness: (listener) =>
      statuses.subscribe(({ status }, before) => {
        if (status.ready !== before?.status.ready) {
          listener(status.key);
        }
      }),
    onError: (key, error) => log.warn({ release: key, err: error }, 'updating the dependent failed, will retry'),
    onPropagated: (seconds) => propagation.observe({}, seconds),
  });
}
