import type { ReleaseInfo, ReleaseInfoList } from '../../../../contract/schemas/release.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { describeRelease } from '../../../domain/answers/release-info.ts';
import { type ReleaseKey, parseReleaseKey } from '../../../domain/names/release-key.ts';
import { summarizeRelease } from '../../../domain/answers/release-summary.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import { createYieldTurn } from '../../jobs/cooperative-yield.ts';
import { readSelector } from './read-selector.ts';
import type { FindSeenObjects } from '../../access/seen-objects.ts';
import { onlySeen, type VisibleNamespaces } from '../../access/visible-namespaces.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';

export type ListReleasesDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'tasksOf' | 'all'>;
  clock: Pick<Clock, 'now'>;
  /** The states of releases, updated live; an unknown release is read. */
  statuses: { get(key: ReleaseKey): { status: { ready: boolean } } | undefined };
  /** Whether the known state may be incomplete or outdated. */
  isStale: () => boolean;
  findSeen: FindSeenObjects;
};

/** Which releases to list; without any field, all. */
export type ReleaseFilter = {
  namespace?: string;
  /**
   * Kubernetes label selector on the release's labels; a release without facts of Walm has none (decision 6: labels).
   */
  selector?: string;
  /** Name of the chart. */
  chart?: string;
  ready?: boolean;
  /** Part of the release's name, namespace or chart name, ignoring case. */
  text?: string;
  /** True: omit large fields. */
  summary?: boolean;
  /** Maximum items of one answer, above 0. */
  limit?: number;
  /** `continue` of the previous answer. */
  continue?: string;
};

type Candidate = { key: ReleaseKey; record: ReleaseRecord | undefined; tasks: readonly Task[] };

/** By namespace, then by name: not by the joined keys, which would put `a-b/x` before `a/x`. */
function compareKeys(left: ReleaseKey, right: ReleaseKey): number {
  const [a, b] = [parseReleaseKey(left), parseReleaseKey(right)];
  if (a.namespace !== b.namespace) {
    return a.namespace < b.namespace ? -1 : 1;
  }
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/**
 * Lists the visible releases, by namespace and name (decision 25: sorted lists). Throws QUERY_INVALID for an invalid
 * selector.
 */
export type ListReleases = (
  filter: ReleaseFilter,
  visible: VisibleNamespaces | null,
  caller: Caller | null,
) => Promise<ReleaseInfoList>;

export function createListReleases({
  cache,
  live,
  tasks,
  clock,
  statuses,
  isStale,
  findSeen,
}: ListReleasesDeps): ListReleases {
  /** Releases with a record, and those that so far have only a task. */
  async function candidates(
    { namespace, selector }: ReleaseFilter,
    visible: VisibleNamespaces | null,
  ): Promise<Candidate[]> {
    const matches = readSelector(selector);
    const records = await onlySeen(visible, await cache.list(namespace));
    const known = new Set(records.map(({ key }) => key));
    const withRecord = records
      .filter(({ facts }) => matches === undefined || matches(facts?.labels ?? {}))
      .map((record) => ({ key: record.key, record, tasks: tasks.tasksOf(record.key) }));
    const releaseTasks = tasks
      .all()
      .map(({ task }) => task)
      .filter(({ project }) => project === undefined);
    const onlyTasks = (await onlySeen(visible, releaseTasks))
      .map(taskKey)
      .filter((key) => !known.has(key) && (namespace === undefined || parseReleaseKey(key).namespace === namespace));
    const withoutRecord =
      matches === undefined
        ? [...new Set(onlyTasks)].map((key) => ({ key, record: undefined, tasks: tasks.tasksOf(key) }))
        : [];
    return withoutRecord.length === 0
      ? withRecord
      : [...withRecord, ...withoutRecord].sort((a, b) => compareKeys(a.key, b.key));
  }

  /**
   * Only a candidate without a record may turn out not to be a release, and it is cheap to describe: all others are
   * described when shown.
   */
  function isRelease({ record, tasks: of }: Candidate, nowMs: number): boolean {
    return record !== undefined || describeRelease(undefined, live, of, nowMs) !== null;
  }

  function isReady({ key, record, tasks: of }: Candidate, nowMs: number): boolean | undefined {
    return statuses.get(key)?.status.ready ?? describeRelease(record, live, of, nowMs)?.ready;
  }

  /** Filters that need no live objects come first. */
  function isWanted({ chart, text, ready }: ReleaseFilter, candidate: Candidate, nowMs: number): boolean {
    const { key, record } = candidate;
    const chartName = record?.chartName ?? '';
    return (
      (chart === undefined || chart === chartName) &&
      (text === undefined || `${key} ${chartName}`.toLowerCase().includes(text.toLowerCase())) &&
      (ready === undefined || isReady(candidate, nowMs) === ready)
    );
  }

  return async function listReleases(filter, visible, caller) {
    if (filter.continue !== undefined && !filter.continue.includes('/')) {
      throw problem('QUERY_INVALID', `continue "${filter.continue}" is not a value that a list returned`, {
        parameter: 'continue',
      });
    }
    const nowMs = clock.now();
    // Thousands of releases, or large ones, are processed piece by piece.
    const yieldTurn = createYieldTurn(clock);
    const found: Candidate[] = [];
    for (const candidate of await candidates(filter, visible)) {
      await yieldTurn();
      if (isRelease(candidate, nowMs) && isWanted(filter, candidate, nowMs)) {
        found.push(candidate);
      }
    }
    const from = filter.continue;
    const rest = from === undefined ? found : found.filter(({ key }) => compareKeys(key, from) > 0);
    const page = filter.limit === undefined ? rest : rest.slice(0, filter.limit);
    const shown = page.flatMap(({ record }) => record ?? []);
    // A summary shows no objects: then no access reviews are needed.
    const seen = filter.summary === true ? undefined : await findSeen(caller, shown);
    const items: ReleaseInfo[] = [];
    for (const { record, tasks: of } of page) {
      await yieldTurn();
      const info = describeRelease(record, live, of, nowMs, seen);
      if (info !== null) {
        items.push(filter.summary === true ? summarizeRelease(info) : info);
      }
    }
    const last = page.length < rest.length ? page.at(-1)?.key : undefined;
    return {
      num: items.length,
      total: found.length,
      items,
      ...(last !== undefined && { continue: last }),
      ...(isStale() && { stale: true as const }),
    };
  };
}
