import type { ProjectInfo, ProjectInfoList } from '../../../contract/schemas/project.ts';
import type { ReleaseInfo } from '../../../contract/schemas/release.ts';
import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import { projectNotFound } from '../../domain/errors/project-problems.ts';
import { describeProject } from '../../domain/projects/project-info.ts';
import { describeRelease } from '../../domain/answers/release-info.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { projectKey } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { onlySeen, type VisibleNamespaces } from '../access/visible-namespaces.ts';

export type ReadProjectsDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'all' | 'latestOf' | 'tasksOf'>;
  clock: Pick<Clock, 'now'>;
};

/** Reads projects: a project consists of the releases that name it (their `spec.project`). */
export function createReadProjects({ cache, live, tasks, clock }: ReadProjectsDeps) {
  function describe(namespace: string, name: string, members: readonly ReleaseRecord[]): ProjectInfo | null {
    const now = clock.now();
    const releases = members.flatMap((record): ReleaseInfo[] => {
      const info = describeRelease(record, live, tasks.tasksOf(record.key), now);
      return info === null ? [] : [info];
    });
    return describeProject({ namespace, name }, releases, tasks.latestOf(projectKey(namespace, name)), now);
  }

  return {
    /** @throws ProblemError PROJECT_NOT_FOUND */
    async getProject(namespace: string, name: string): Promise<ProjectInfo> {
      const records = await cache.list(namespace);
      const info = describe(namespace, name, membersOf(records, name));
      if (info === null) {
        throw projectNotFound(namespace, name);
      }
      return info;
    },

    /** The visible projects, of all namespaces if none is given; sorted by namespace and name. */
    async listProjects(visible: VisibleNamespaces | null, namespace?: string): Promise<ProjectInfoList> {
      const records = await onlySeen(visible, await cache.list(namespace));
      const fromReleases = records.map((record) => ({
        namespace: record.namespace,
        name: record.facts?.project ?? '',
      }));
      const projectTasks = tasks
        .all()
        .map(({ task }) => ({ namespace: task.namespace, name: task.project ?? '' }))
        .filter(({ name }) => name !== '');
      const fromTasks = await onlySeen(visible, projectTasks);
      const wanted = [...fromReleases, ...fromTasks].filter(
        (one) => one.name !== '' && (namespace === undefined || one.namespace === namespace),
      );
      const projects = new Map(wanted.map((one) => [`${one.namespace}/${one.name}`, one]));
      const members = Map.groupBy(records, ({ namespace: where, facts }) => `${where}/${facts?.project ?? ''}`);
      const items = [...projects.values()]
        .toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name))
        .flatMap((one): ProjectInfo[] => {
          const info = describe(one.namespace, one.name, members.get(`${one.namespace}/${one.name}`) ?? []);
          return info === null ? [] : [info];
        });
      return { num: items.length, items };
    },
  };
}

/** The records of a project's releases, out of those of its namespace. */
export function membersOf(records: readonly ReleaseRecord[], project: string): ReleaseRecord[] {
  return records.filter(({ facts }) => facts?.project === project);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
