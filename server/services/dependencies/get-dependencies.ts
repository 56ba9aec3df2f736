import type { DependencyGraph, DependencyStatus } from '../../../contract/schemas/dependency.ts';
import { dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { keyText } from '../../domain/lists/keyset-page.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { seenAmong, type VisibleNamespaces } from '../access/visible-namespaces.ts';
import { createYieldTurn, type YieldTurn } from '../jobs/cooperative-yield.ts';
import type { WhenLong } from '../jobs/long-answer.ts';
import type { DescribeDependencies, ReadProviders } from './describe-dependencies.ts';

export type GetDependenciesDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  describeDependencies: DescribeDependencies;
  clock: Pick<Clock, 'now'>;
};

/** Dependencies of one answer. */
const MAX_EDGES = 10_000;
/** Dependencies of an answer that is made at once, like those of most clusters. */
const FEW_EDGES = 2_000;
/** Dependencies of the whole cluster that are looked through at once. */
const FEW_RECORDED = 20_000;
/** Namespaces without releases, named by dependencies, of which it is asked whether the caller sees them. */
const MAX_EMPTY_PLACES = 200;

/**
 * Returns which releases depend on which; with a namespace, only dependencies from or to that namespace. A dependency
 * is shown to callers who may list both releases, and only counted for callers who may list one of them. The first
 * 10,000 are shown, of dependents in one namespace at most half of them where the answer is about all, so that those of
 * others have room; `more` counts the others. `whenLong` is called before a long answer is made.
 */
export type GetDependencies = (
  namespace: string,
  visible: VisibleNamespaces | null,
  whenLong?: WhenLong,
) => Promise<DependencyGraph>;

type Link = { key: string; to: ReleaseKey };

/** Dependencies of a record. */
type Links = { record: ReleaseRecord; links: Link[] };

export function createGetDependencies({ cache, describeDependencies, clock }: GetDependenciesDeps): GetDependencies {
  return async function getDependencies(namespace, visible, whenLong) {
    const yieldTurn = createYieldTurn(clock);
    if ((await countRecorded(await cache.list(), yieldTurn)) > FEW_RECORDED) {
      await whenLong?.();
    }
    const existing = await cache.list();
    const all = await linksAmong(existing, namespace, yieldTurn);
    const places = await placesOf(all, existing, yieldTurn);
    const seen = await seenAmong(visible, places);
    const isSeen = (name: string) => seen === null || seen.has(name);
    const { shown, hidden, more, edges: count } = await shownOf(all, isSeen, namespace === '', yieldTurn);
    if (count > FEW_EDGES) {
      await whenLong?.();
    }
    const providers: ReadProviders = new Map();
    const edges: DependencyGraph['edges'] = [];
    for (const { record, links } of shown) {
      await yieldTurn();
      const states = statesOf(await describeDependencies(record, providers));
      for (const { key, to } of links) {
        edges.push({ from: record.key, to, key, state: states.get(key) ?? 'Unknown' });
      }
    }
    const nodes = await nodesOf(edges, existing, yieldTurn);
    return { nodes, edges, hidden, more };
  };
}

function placeOf(key: ReleaseKey): string {
  return parseReleaseKey(key).namespace;
}

/** The number of dependencies that are recorded, whether anybody may see them or not. */
async function countRecorded(records: readonly ReleaseRecord[], yieldTurn: YieldTurn): Promise<number> {
  let count = 0;
  for (const { facts } of records) {
    await yieldTurn();
    count += Object.keys(facts?.dependencies ?? {}).length;
  }
  return count;
}

/** The releases at both ends of dependencies, sorted. */
async function nodesOf(
  edges: DependencyGraph['edges'],
  existing: readonly ReleaseRecord[],
  yieldTurn: YieldTurn,
): Promise<DependencyGraph['nodes']> {
  const records = new Map(existing.map((record) => [record.key, record]));
  const keys = new Set<ReleaseKey>();
  for (const { from, to } of edges) {
    await yieldTurn();
    keys.add(from).add(to);
  }
  return [...keys].toSorted().map((key) => ({
    ...parseReleaseKey(key),
    exists: records.has(key),
    chartName: keyText(records.get(key)?.chartName ?? ''),
  }));
}

function statesOf(described: readonly DependencyStatus[]): Map<string, DependencyStatus['state']> {
  return new Map(described.map(({ key, state }) => [key, state]));
}

/** The dependencies from or to a namespace; an empty one means all. */
async function linksAmong(
  records: readonly ReleaseRecord[],
  namespace: string,
  yieldTurn: YieldTurn,
): Promise<Links[]> {
  const found: Links[] = [];
  for (const record of records) {
    await yieldTurn();
    const isThere = namespace === '' || record.namespace === namespace;
    const links = dependencyEntries(record)
      .map(({ key, provider }) => ({ key, to: provider }))
      .filter(({ to }) => isThere || placeOf(to) === namespace);
    if (links.length > 0) {
      found.push({ record, links });
    }
  }
  return found;
}

/**
 * The namespaces at the ends of dependencies. A record may name any number of namespaces, and each is a question to the
 * cluster: of those without releases the first ones are asked for, and the others count as not seen.
 */
async function placesOf(
  all: readonly Links[],
  existing: readonly ReleaseRecord[],
  yieldTurn: YieldTurn,
): Promise<ReadonlySet<string>> {
  const known = new Set(existing.map(({ namespace }) => namespace));
  const places = new Set<string>();
  let empty = 0;
  for (const { record, links } of all) {
    await yieldTurn();
    places.add(record.namespace);
    for (const place of links.map(({ to }) => placeOf(to))) {
      const isNew = !places.has(place);
      if (isNew && (known.has(place) || empty < MAX_EMPTY_PLACES)) {
        places.add(place);
        empty += known.has(place) ? 0 : 1;
      }
    }
  }
  return places;
}

/** Those that may be seen at both ends, as far as an answer has room for them, and the number of the others. */
async function shownOf(
  all: readonly Links[],
  isSeen: (namespace: string) => boolean,
  isShared: boolean,
  yieldTurn: YieldTurn,
): Promise<{ shown: Links[]; hidden: number; more: number; edges: number }> {
  const taken = new Map<string, number>();
  const shown: Links[] = [];
  let [hidden, more, edges] = [0, 0, 0];
  for (const { record, links } of all) {
    await yieldTurn();
    const sees = isSeen(record.namespace);
    const seen = links.filter(({ to }) => sees && isSeen(placeOf(to)));
    hidden += links.filter(({ to }) => isSeen(placeOf(to)) !== sees).length;
    const own = taken.get(record.namespace) ?? 0;
    const room = Math.min(MAX_EDGES - edges, (isShared ? MAX_EDGES / 2 : MAX_EDGES) - own);
    const kept = seen.slice(0, Math.max(room, 0));
    more += seen.length - kept.length;
    edges += kept.length;
    taken.set(record.namespace, own + kept.length);
    if (kept.length > 0) {
      shown.push({ record, links: kept });
    }
  }
  return { shown, hidden, more, edges };
}
