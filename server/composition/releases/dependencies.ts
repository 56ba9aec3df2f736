import type { Cluster } from '../adapters/cluster.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../../services/access/authorization.ts';
import { type AwaitProviders, createAwaitProviders } from '../../services/dependencies/await-providers.ts';
import { createInjectDependencies, type InjectDependencies } from '../../services/dependencies/inject-dependencies.ts';
import {
  createReadProvider,
  type ReadProvider,
  type ReadProviderDeps,
} from '../../services/dependencies/read-provider.ts';
import { createReadProvidersOnce } from '../../services/dependencies/read-providers-once.ts';
import { createRefuseDependents, type RefuseDependents } from '../../services/dependencies/refuse-dependents.ts';
import type { CurrentReleases } from '../../services/releases/observe/current-releases.ts';
import { createFindDeployed, type FindDeployed } from '../../services/releases/observe/find-deployed.ts';
import type { WatchRelease } from '../../services/releases/observe/watch-release.ts';

/** The dependencies of releases, and the dependents that block a deletion. */
export interface Dependencies {
  readonly awaitProviders: AwaitProviders;
  readonly injectDependencies: InjectDependencies;
  readonly readProvider: ReadProvider;
  /** Reads providers for one question, each once. */
  readonly readProviders: () => ReadProvider;
  readonly refuseDependents: RefuseDependents;
}

export interface DependenciesDeps {
  readonly authorization: Authorization;
  readonly cache: ReleaseCache;
  readonly current: CurrentReleases;
  readonly cluster: Pick<Cluster, 'digestKey' | 'live' | 'secrets' | 'tasks'>;
  readonly engine: Pick<HelmReader, 'getRelease'>;
  readonly findDeployed: FindDeployed;
  readonly readerOf: ReadProviderDeps['readerOf'];
  readonly watchRelease: WatchRelease;
  readonly isOriginal: boolean;
  readonly clock: Clock;
}

export function createDependencies(deps: DependenciesDeps): Dependencies {
  const { authorization, cache, cluster, engine, findDeployed, readerOf, watchRelease, isOriginal, clock } = deps;
  const { digestKey, live, secrets, tasks } = cluster;
  const reading = { engine, live, secrets, digestKey, readerOf, authorization };
  // A task fails, or goes on, without a provider that does not exist.
  const findPresent = createFindDeployed({
    cache: { get: async (key) => (await cache.get(key)) ?? (await deps.current.get(key)) },
  });
  return {
    awaitProviders: createAwaitProviders({ findDeployed: findPresent, store: tasks, live, watchRelease, clock }),
    injectDependencies: createInjectDependencies({
      cache,
      readProvider: createReadProvider({ ...reading, findDeployed: findPresent }),
      authorization,
      refuseUnknown: isOriginal,
    }),
    readProvider: createReadProvider({ ...reading, findDeployed }),
    readProviders: createReadProvidersOnce({ ...reading, cache, current: deps.current }),
    refuseDependents: createRefuseDependents({
      cache,
      current: deps.current,
      authorization,
      isGuarding: !isOriginal,
    }),
  };
}
