import type { ReleaseSort } from '../../../../contract/operations/parts/release-list-query.ts';
import type { ReleasePhase } from '../../../../contract/schemas/event.ts';
import type { ReleaseInfo, ReleaseInfoList, ReleaseName } from '../../../../contract/schemas/release.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { createAnswerRoom } from '../../../domain/answers/answer-room.ts';
import { describeAmongOthers, LISTED_OBJECTS } from '../../../domain/answers/release-info.ts';
import { checkToken, pageOf, type PageQuery, tokenBehind } from '../../../domain/lists/keyset-page.ts';
import { summarizeRelease } from '../../../domain/answers/release-summary.ts';
import { shownLabels } from '../../../domain/masking/shown-release.ts';
import { createYieldTurn } from '../../jobs/cooperative-yield.ts';
import { createLongTurn, type WhenLong } from '../../jobs/long-answer.ts';
import { createFacetCount } from './facet-count.ts';
import { type Candidate, type CandidatesDeps, createFindCandidates } from './release-candidates.ts';
import { releasePlace } from './release-order.ts';
import { readSelector } from './read-selector.ts';
import type { FindSeenObjects } from '../../access/seen-objects.ts';
import type { VisibleNamespaces } from '../../access/visible-namespaces.ts';
import type { CompleteReleases, DescribedEntry } from '../observe/complete-releases.ts';
import type { BeginRead, ReadPoint } from '../observe/read-point.ts';

export type ListReleasesDeps = CandidatesDeps & {
  /** Whether the known state may be incomplete or outdated. */
  isStale: () => boolean;
  findSeen: FindSeenObjects;
  beginRead: BeginRead;
  completeReleases: CompleteReleases;
};

/** Which releases to list; without any field, all. */
export type ReleaseFilter = {
  namespace?: string;
  /** Only in these namespaces. */
  namespaces?: ReadonlySet<string>;
  /**
   * Kubernetes label selector on the release's labels; a release without facts of Walm has none (decision 6: labels).
   */
  selector?: string;
  /** Name of the chart. */
  chart?: string;
  project?: string;
  phases?: ReadonlySet<ReleasePhase>;
  ready?: boolean;
  /** Part of the release's name, namespace or chart name, ignoring case. */
  text?: string;
  /** `summary` omits large fields; `names` everything but namespace and name. */
  view?: 'full' | 'summary' | 'names';
  sort?: ReleaseSort;
  /** Also count the releases by their fields. */
  facets?: boolean;
  /** Maximum items of one answer, above 0. */
  limit?: number;
  /** `continue` of the previous answer. */
  continue?: string;
};

/** What the filters of the facets' own fields say about a candidate, and whether all others let it through. */
type Judgement = { phase: boolean; namespace: boolean; chart: boolean; project: boolean };

/**
 * Lists the visible releases, in a total order (decision 25: sorted lists), as far as one answer has room for them: see
 * `AnswerRoom`. `whenLong` is called once the answer is long. Throws QUERY_INVALID for an invalid selector or token.
 */
export type ListReleases = (
  filter: ReleaseFilter,
  visible: VisibleNamespaces | null,
  caller: Caller | null,
  whenLong?: WhenLong,
) => Promise<ReleaseInfoList>;

export function createListReleases(deps: ListReleasesDeps): ListReleases {
  const { live, clock, isStale, findSeen, beginRead, completeReleases } = deps;
  const findCandidates = createFindCandidates(deps);

  /** As many of a page as there is room for. */
  async function describeAll(
    page: readonly Candidate[],
    { namespace, view }: ReleaseFilter,
    caller: Caller | null,
    point: ReadPoint,
    nowMs: number,
    whenLong: WhenLong | undefined,
  ): Promise<{ items: ReleaseInfo[]; last: Candidate | undefined }> {
    const yieldTurn = createYieldTurn(clock);
    const isSummary = view === 'summary';
    const room = createAnswerRoom(namespace === undefined);
    const longTurn = createLongTurn(whenLong);
    const shown = page.flatMap(({ record }) => (record && record.objects.length <= LISTED_OBJECTS ? [record] : []));
    // A summary shows no objects: then no access reviews are needed.
    const seen = isSummary ? undefined : await findSeen(caller, shown);
    const entries: DescribedEntry[] = [];
    let last: Candidate | undefined;
    for (const candidate of page) {
      await yieldTurn();
      await longTurn(room.taken());
      const { record } = candidate;
      const info = describeAmongOthers(record, live, candidate.tasks, nowMs, seen);
      const fitting = info && room.fit(isSummary ? summarizeRelease(info) : info);
      if (info !== null && fitting === null) {
        return { items: await completeReleases(point, entries), last };
      }
      last = candidate;
      if (fitting !== null) {
        entries.push({ info: fitting, record });
      }
    }
    return { items: await completeReleases(point, entries), last: undefined };
  }

  return async function listReleases(filter, visible, caller, whenLong) {
    const { view = 'full', sort = 'namespace' } = filter;
    const isWanted = createJudge(filter);
    const query = pageQuery(filter, sort);
    checkToken(query);
    const point = beginRead();
    const nowMs = clock.now();
    // Thousands of releases, or large ones, are processed piece by piece.
    const yieldTurn = createYieldTurn(clock);
    const found: Candidate[] = [];
    const facets = filter.facets === true ? createFacetCount() : null;
    for (const candidate of await findCandidates(filter.namespace, visible, nowMs)) {
      await yieldTurn();
      const judgement = isWanted(candidate);
      if (judgement !== null) {
        facets?.add(candidate, judgement);
        if (Object.values(judgement).every(Boolean)) {
          found.push(candidate);
        }
      }
    }
    const placeOf = releasePlace(sort);
    const page = pageOf(found, placeOf, query);
    const { items, last } =
      view === 'names'
        ? { items: page.items.map(({ namespace, name }): ReleaseName => ({ namespace, name })), last: undefined }
        : await describeAll(page.items, filter, caller, point, nowMs, whenLong);
    const next = last === undefined ? page.continue : tokenBehind(placeOf(last), query);
    return {
      num: items.length,
      total: found.length,
      // The view that was asked for: see ShownRelease.
      items: items as ReleaseInfo[],
      ...(next !== undefined && { continue: next }),
      ...(facets && { facets: facets.counted() }),
      ...(isStale() && { stale: true as const }),
    };
  };
}

/** Null: a filter that is none of a facet's refuses the candidate. Filters that need no live objects come first. */
function createJudge(filter: ReleaseFilter): (candidate: Candidate) => Judgement | null {
  const { namespaces, chart, project, phases, ready, text, facets } = filter;
  const matches = readSelector(filter.selector);
  const part = text?.toLowerCase();
  return (candidate) => {
    const { key, record } = candidate;
    // What has no record yet has no labels that could be selected.
    if (
      matches !== undefined &&
      (record === undefined || !matches(shownLabels(record.facts?.labels ?? {}, record.masker)))
    ) {
      return null;
    }
    if (part !== undefined && !`${key} ${candidate.chart}`.toLowerCase().includes(part)) {
      return null;
    }
    const judgement = {
      namespace: namespaces === undefined || namespaces.has(candidate.namespace),
      chart: chart === undefined || chart === candidate.chart,
      project: project === undefined || project === candidate.project,
    };
    if (facets !== true && !Object.values(judgement).every(Boolean)) {
      return null;
    }
    if (ready !== undefined && candidate.ready() !== ready) {
      return null;
    }
    return { ...judgement, phase: phases === undefined || phases.has(candidate.phase()) };
  };
}

function pageQuery(filter: ReleaseFilter, sort: ReleaseSort): PageQuery {
  const { namespace, namespaces, selector, chart, project, phases, ready, text, limit, continue: token } = filter;
  const joined = (names: ReadonlySet<string> | undefined) => names && [...names].toSorted().join(',');
  return {
    order: sort,
    filters: {
      namespace,
      namespaces: joined(namespaces),
      selector,
      chart,
      project,
      phases: joined(phases),
      ready,
      text,
    },
    ...(limit !== undefined && { limit }),
    ...(token !== undefined && { continue: token }),
  };
}
