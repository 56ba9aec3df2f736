import { phaseOf } from '../../../../contract/release-phase.ts';
import type { ReleasePhase } from '../../../../contract/schemas/event.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { describeAmongOthers, describeRelease } from '../../../domain/answers/release-info.ts';
import { type ReleaseKey, parseReleaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import { createYieldTurn } from '../../jobs/cooperative-yield.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import { onlySeen, type VisibleNamespaces } from '../../access/visible-namespaces.ts';

/** A release as lists filter and order it; what costs more is found out when it is asked for. */
export type Candidate = {
  key: ReleaseKey;
  namespace: string;
  name: string;
  record: ReleaseRecord | undefined;
  tasks: readonly Task[];
  /** Empty while there is no record. */
  chart: string;
  project: string;
  phase(): ReleasePhase;
  ready(): boolean;
};

export type CandidatesDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'tasksOf' | 'all'>;
  clock: Pick<Clock, 'now'>;
  /** The states of releases, updated live; an unknown release is read. */
  statuses: { get(key: ReleaseKey): { status: { ready: boolean; phase: ReleasePhase } } | undefined };
};

/**
 * The visible releases of a namespace, or of all: those with a record, and those that so far have only a task.
 * `nowMs` in milliseconds since the epoch.
 */
export type FindCandidates = (
  namespace: string | undefined,
  visible: VisibleNamespaces | null,
  nowMs: number,
) => Promise<Candidate[]>;

export function createFindCandidates({ cache, live, tasks, statuses, clock }: CandidatesDeps): FindCandidates {
  function candidate(key: ReleaseKey, record: ReleaseRecord | undefined, nowMs: number): Candidate {
    const own = tasks.tasksOf(key);
    const described = () => describeAmongOthers(record, live, own, nowMs);
    return {
      key,
      ...parseReleaseKey(key),
      record,
      tasks: own,
      chart: record?.chartName ?? '',
      project: record?.facts?.project ?? '',
      ready: () => statuses.get(key)?.status.ready ?? described()?.ready ?? false,
      phase: () => statuses.get(key)?.status.phase ?? phaseOf(described() ?? GONE),
    };
  }

  return async function findCandidates(namespace, visible, nowMs) {
    const records = await onlySeen(visible, await cache.list(namespace));
    const known = new Set(records.map(({ key }) => key));
    const yieldTurn = createYieldTurn(clock);
    const found: Candidate[] = [];
    for (const record of records) {
      await yieldTurn();
      found.push(candidate(record.key, record, nowMs));
    }
    const releaseTasks = tasks
      .all()
      .map(({ task }) => task)
      .filter((task) => task.project === undefined && (namespace === undefined || task.namespace === namespace));
    const onlyTasks = (await onlySeen(visible, releaseTasks)).map(taskKey).filter((key) => !known.has(key));
    const withoutRecord = [...new Set(onlyTasks)]
      .map((key) => candidate(key, undefined, nowMs))
      // Such a candidate may turn out not to be a release, and is cheap to describe.
      .filter(({ tasks: own }) => describeRelease(undefined, live, own, nowMs) !== null);
    return [...found, ...withoutRecord];
  };
}

const GONE = { status: '', paused: false, ready: false };
