import type { Logger } from 'pino';
import type { Cluster } from '../adapters/cluster.ts';
import type { AutomationParts } from './automation.ts';
import { createClearing } from './clearing.ts';
import { createPropagation } from './propagation.ts';
import { createRollouts } from './rollouts.ts';
import type { Config } from '../../config/config-options.ts';
import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { ReleaseStatuses } from '../../reconcilers/releases/release-statuses.ts';
import {
  createDescribeDependencies,
  type DescribeDependencies,
} from '../../services/dependencies/describe-dependencies.ts';
import { createRememberProviders } from '../../services/dependencies/remember-providers.ts';
import { createWorstDependencies } from '../../services/dependencies/worst-dependencies.ts';
import type { WorstDependencies } from '../../services/releases/observe/complete-releases.ts';
import { createFindDeployed } from '../../services/releases/observe/find-deployed.ts';
import type { CurrentReleases } from '../../services/releases/observe/current-releases.ts';
import type { ReadProvider } from '../../services/dependencies/read-provider.ts';
import type { AcceptChange } from '../../services/releases/accept/accept-change.ts';

export interface LeadingDeps {
  readonly config: Config;
  readonly acceptChange: AcceptChange;
  readonly automation: AutomationParts;
  readonly cache: ReleaseCache;
  readonly current: CurrentReleases;
  readonly cluster: Cluster;
  /** Resolves once the objects, the releases and the tasks of the cluster are known. */
  readonly complete: Promise<unknown>;
  readonly engine: HelmEngine;
  readonly metrics: Metrics;
  readonly readProvider: ReadProvider;
  readonly statuses: Pick<ReleaseStatuses, 'subscribe'>;
  readonly random: () => number;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the leader does automatically: propagates outputs, handles failed rollouts, and cleans up. */
export interface Leading {
  readonly describeDependencies: DescribeDependencies;
  readonly worstDependencies: WorstDependencies;
  /** Number of dependents waiting to be checked. */
  dependencyDepth(): number;
  run(signal: AbortSignal): Promise<void>;
}

export function createLeading(deps: LeadingDeps): Leading {
  const { config, acceptChange, automation, cache, current, cluster, complete, engine } = deps;
  const { metrics, readProvider, statuses, random, newId, clock, log } = deps;
  const clearing = createClearing({ config, actorIn: automation.actorIn, cache, current, cluster, random, clock, log });
  const propagation = createPropagation({
    automation,
    cache,
    cluster,
    complete,
    readProvider,
    statuses,
    metrics,
    random,
    newId,
    clock,
    log,
  });
  const rollouts = createRollouts({
    config,
    acceptChange,
    automation,
    cache,
    cluster,
    complete,
    engine,
    random,
    clock,
    log,
  });
  const reasons = { whyNotCurrent: propagation.whyNotCurrent, denied: automation.denied };
  const readDigests = createRememberProviders({
    findDeployed: createFindDeployed({ cache }),
    live: cluster.live,
    readProvider,
    clock,
  });
  return {
    describeDependencies: createDescribeDependencies({ readProvider, clock, ...reasons }),
    worstDependencies: createWorstDependencies({
      describeDependencies: createDescribeDependencies({ readProvider: readDigests, clock, ...reasons }),
      clock,
    }),
    dependencyDepth: () => propagation.depth(),
    async run(signal) {
      await Promise.all([clearing.run(signal), propagation.run(signal), rollouts.run(signal)]);
    },
  };
}
