import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';
import { createFindDeployed } from '../releases/observe/find-deployed.ts';
import { createReadProvider, type Provider, type ReadProvider, type ReadProviderDeps } from './read-provider.ts';

export type ReadProvidersOnceDeps = Omit<ReadProviderDeps, 'findDeployed'> & {
  cache: Pick<ReleaseCache, 'get'>;
  current: Pick<CurrentReleases, 'list'>;
};

/**
 * Reads the providers of many dependents for one question: each of them once, and what the cache does not have with one
 * list of its namespace. The names are the caller's: asking the cluster for each would be a request for each.
 */
export function createReadProvidersOnce({ cache, current, ...reading }: ReadProvidersOnceDeps): () => ReadProvider {
  return function readProvidersOnce() {
    const lists = new Map<string, Promise<ReadonlyMap<ReleaseKey, ReleaseRecord>>>();
    const providers = new Map<ReleaseKey, Promise<Provider | null>>();

    function listOf(namespace: string): Promise<ReadonlyMap<ReleaseKey, ReleaseRecord>> {
      const known = lists.get(namespace);
      const list =
        known ?? current.list(namespace).then((records) => new Map(records.map((record) => [record.key, record])));
      lists.set(namespace, list);
      return list;
    }

    const findDeployed = createFindDeployed({
      cache: { get: async (key) => (await cache.get(key)) ?? (await listOf(parseReleaseKey(key).namespace)).get(key) },
    });
    const readProvider = createReadProvider({ ...reading, findDeployed });
    return async function readOnce(key) {
      const provider = providers.get(key) ?? readProvider(key);
      providers.set(key, provider);
      return provider;
    };
  };
}
