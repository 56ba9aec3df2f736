import type { ProjectSort } from '../../../contract/operations/parts/project-list-query.ts';
import type { ProjectInfo, ProjectInfoList } from '../../../contract/schemas/project.ts';
import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import { projectNotFound } from '../../domain/errors/project-problems.ts';
import { describeProject } from '../../domain/projects/project-info.ts';
import { createAnswerRoom } from '../../domain/answers/answer-room.ts';
import { describeAmongOthers } from '../../domain/answers/release-info.ts';
import { summarizeRelease } from '../../domain/answers/release-summary.ts';
import { checkToken, keyText, pageOf, type PageQuery } from '../../domain/lists/keyset-page.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { projectKey } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';
import { createLongTurn, type WhenLong } from '../jobs/long-answer.ts';
import type { CompleteReleases, DescribedEntry } from '../releases/observe/complete-releases.ts';
import type { BeginRead, ReadPoint } from '../releases/observe/read-point.ts';
import { shownLabels } from '../../domain/masking/shown-release.ts';
import { readSelector } from '../releases/query/read-selector.ts';
import { onlySeen, type VisibleNamespaces } from '../access/visible-namespaces.ts';

export type ReadProjectsDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'all' | 'latestOf' | 'tasksOf'>;
  clock: Pick<Clock, 'now'>;
  beginRead: BeginRead;
  completeReleases: CompleteReleases;
};

/** How much is shown of the releases of a project. */
export type ProjectView = 'full' | 'summary';

/** Which projects to list; without any field, all. */
export type ProjectFilter = {
  namespace?: string;
  /** Kubernetes label selector: a project matches if one of its releases does. */
  selector?: string;
  /** Part of the namespace or name, ignoring case. */
  text?: string;
  sort?: ProjectSort;
  view?: ProjectView;
  /** Maximum items of one answer, above 0. */
  limit?: number;
  /** `continue` of the previous answer. */
  continue?: string;
};

/** A project by its name, and the records of its releases. */
type Candidate = { namespace: string; name: string; members: readonly ReleaseRecord[] };

/** Reads projects: a project consists of the releases that name it (their `spec.project`). */
export function createReadProjects({ cache, live, tasks, clock, beginRead, completeReleases }: ReadProjectsDeps) {
  /** Those that there are, or were a moment ago. All at once: they share the time that reading dependencies may take. */
  async function describe(
    point: ReadPoint,
    candidates: readonly Candidate[],
    { view = 'full', namespace: only }: Pick<ProjectFilter, 'view' | 'namespace'>,
    whenLong: WhenLong | undefined,
  ): Promise<ProjectInfo[]> {
    const nowMs = clock.now();
    const room = createAnswerRoom(only === undefined);
    const longTurn = createLongTurn(whenLong);
    const yieldTurn = createYieldTurn(clock);
    const entries: DescribedEntry[] = [];
    for (const record of candidates.flatMap(({ members }) => members)) {
      await yieldTurn();
      await longTurn(room.taken());
      const described = describeAmongOthers(record, live, tasks.tasksOf(record.key), nowMs);
      if (described !== null) {
        const info = view === 'summary' ? summarizeRelease(described) : described;
        // A project has all of its releases, however little of them.
        entries.push({ info: room.fit(info) ?? room.least(info), record });
      }
    }
    const shown = new Map<string, ReleaseInfo>();
    for (const info of await completeReleases(point, entries)) {
      shown.set(`${info.namespace}/${info.name}`, info);
    }
    return candidates.flatMap(({ namespace, name, members }): ProjectInfo[] => {
      const releases = members.flatMap(({ key }) => shown.get(key) ?? []);
      const task = tasks.latestOf(projectKey(namespace, name));
      const info = describeProject({ namespace, name }, releases, task, nowMs);
      return info === null ? [] : [info];
    });
  }

  /** The visible projects that have releases, and those that only have a task which is shown. */
  async function findCandidates(visible: VisibleNamespaces | null, namespace?: string): Promise<Candidate[]> {
    const records = await onlySeen(visible, await cache.list(namespace));
    const members = Map.groupBy(
      records.filter(({ facts }) => (facts?.project ?? '') !== ''),
      ({ namespace: where, facts }) => `${where}/${facts?.project}`,
    );
    const fromReleases = [...members.values()].flatMap(([record]) =>
      record === undefined ? [] : [{ namespace: record.namespace, name: record.facts?.project ?? '' }],
    );
    const projectTasks = tasks
      .all()
      .map(({ task }) => ({ namespace: task.namespace, name: task.project ?? '' }))
      .filter((one) => one.name !== '' && (namespace === undefined || one.namespace === namespace));
    const fromTasks = await onlySeen(visible, projectTasks);
    const names = new Map([...fromReleases, ...fromTasks].map((one) => [`${one.namespace}/${one.name}`, one]));
    const nowMs = clock.now();
    return [...names].flatMap(([key, one]) => {
      const own = members.get(key) ?? [];
      const isThere =
        own.length > 0 || describeProject(one, [], tasks.latestOf(projectKey(one.namespace, one.name)), nowMs) !== null;
      return isThere ? [{ ...one, members: own }] : [];
    });
  }

  return {
    /** @throws ProblemError PROJECT_NOT_FOUND */
    async getProject(namespace: string, name: string, view?: ProjectView, whenLong?: WhenLong): Promise<ProjectInfo> {
      const point = beginRead();
      const members = membersOf(await cache.list(namespace), name);
      const [info] = await describe(
        point,
        [{ namespace, name, members }],
        { ...(view && { view }), namespace },
        whenLong,
      );
      if (info === undefined) {
        throw projectNotFound(namespace, name);
      }
      return info;
    },

    /**
     * The visible projects, by namespace and name unless asked otherwise.
     * @throws ProblemError QUERY_INVALID
     */
    async listProjects(
      visible: VisibleNamespaces | null,
      filter: ProjectFilter,
      whenLong?: WhenLong,
    ): Promise<ProjectInfoList> {
      const { namespace, selector, text, sort = 'namespace', limit, continue: token } = filter;
      const matches = readSelector(selector);
      const query: PageQuery = {
        order: sort,
        filters: { namespace, selector, text },
        ...(limit !== undefined && { limit }),
        ...(token !== undefined && { continue: token }),
      };
      checkToken(query);
      const point = beginRead();
      const part = text?.toLowerCase();
      const found = (await findCandidates(visible, namespace)).filter(
        (one) =>
          (part === undefined || `${one.namespace}/${one.name}`.toLowerCase().includes(part)) &&
          (matches === undefined ||
            one.members.some(({ facts, masker }) => matches(shownLabels(facts?.labels ?? {}, masker)))),
      );
      const byName = sort === 'name' || sort === '-name';
      const page = pageOf(found, (one) => [keyText(byName ? one.name : one.namespace), one.namespace, one.name], query);
      const items = await describe(point, page.items, filter, whenLong);
      return {
        num: items.length,
        total: found.length,
        items,
        ...(page.continue !== undefined && { continue: page.continue }),
      };
    },
  };
}

/** The records of a project's releases, out of those of its namespace. */
export function membersOf(records: readonly ReleaseRecord[], project: string): ReleaseRecord[] {
  return records.filter(({ facts }) => facts?.project === project);
}
