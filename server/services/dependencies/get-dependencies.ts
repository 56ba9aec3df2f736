import type { DependencyGraph, DependencyStatus } from '../../../contract/schemas/dependency.ts';
import { dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { seenAmong, type VisibleNamespaces } from '../access/visible-namespaces.ts';

export type GetDependenciesDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  describeDependencies: (record: ReleaseRecord) => Promise<DependencyStatus[]>;
};

/**
 * Returns which releases depend on which; with a namespace, only dependencies from or to that namespace. A dependency
 * is shown to callers who may list both releases, and only counted for callers who may list one of them.
 */
export type GetDependencies = (namespace: string, visible: VisibleNamespaces | null) => Promise<DependencyGraph>;

export function createGetDependencies({ cache, describeDependencies }: GetDependenciesDeps): GetDependencies {
  return async function getDependencies(namespace, visible) {
    const existing = await cache.list();
    const touches = (key: ReleaseKey) => namespace === '' || parseReleaseKey(key).namespace === namespace;
    const links = existing.flatMap((record) =>
      dependencyEntries(record)
        .filter(({ provider }) => touches(record.key) || touches(provider))
        .map(({ key, provider }) => ({ record, key, from: record.namespace, to: parseReleaseKey(provider).namespace })),
    );
    const names = links.flatMap(({ from, to }) => [from, to]);
    const seen = await seenAmong(visible, names);
    const isSeen = (name: string) => seen === null || seen.has(name);
    const visibleLinks = links.filter(({ from, to }) => isSeen(from) && isSeen(to));
    const hidden = links.filter(({ from, to }) => isSeen(from) !== isSeen(to)).length;
    const records = new Map(existing.map((record) => [record.key, record]));
    const described = await Promise.all(
      [...new Set(visibleLinks.map(({ record }) => record))].map(async (record) =>
        (await describeDependencies(record)).map(({ key, provider, state }) => ({
          from: record.key,
          to: provider,
          key,
          state,
        })),
      ),
    );
    const edges = described
      .flat()
      .filter(({ from, to }) => (touches(from) || touches(to)) && isSeen(parseReleaseKey(to).namespace));
    const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].toSorted().map((key) => ({
      ...parseReleaseKey(key),
      exists: records.has(key),
      chartName: records.get(key)?.chartName ?? '',
    }));
    return { nodes, edges, hidden };
  };
}
