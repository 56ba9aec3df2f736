import type { DependencyGraph, DependencyStatus } from '../../../contract/dependency.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/release-key.ts';
import type { ReleaseRecord } from '../../domain/release-record.ts';
import type { ReleaseCache } from '../../ports/release-cache.ts';
import { onlySeen, type Sight } from '../access/sight.ts';

export type GetDependenciesDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  describeDependencies: (record: ReleaseRecord) => Promise<DependencyStatus[]>;
};

/**
 * Answers who depends on whom; with a namespace, only what begins or ends there. What a release depends on is told to
 * those who see the release.
 */
export function createGetDependencies({ cache, describeDependencies }: GetDependenciesDeps) {
  return async (namespace: string, sight: Sight | null): Promise<DependencyGraph> => {
    const existing = await cache.list();
    const records = await onlySeen(sight, existing);
    const exists = new Set(existing.map(({ key }) => key));
    const seen = new Map(records.map((record) => [record.key, record]));
    const all = await Promise.all(
      records.map(async (record) =>
        (await describeDependencies(record)).map(({ key, provider, state }) => ({
          from: record.key,
          to: provider,
          key,
          state,
        })),
      ),
    );
    const touches = (key: ReleaseKey) => namespace === '' || parseReleaseKey(key).namespace === namespace;
    const edges = all.flat().filter(({ from, to }) => touches(from) || touches(to));
    const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].toSorted().map((key) => ({
      ...parseReleaseKey(key),
      exists: exists.has(key),
      chartName: seen.get(key)?.chartName ?? '',
    }));
    return { nodes, edges };
  };
}
