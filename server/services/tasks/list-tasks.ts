import type { TaskSort } from '../../../contract/operations/parts/task-list-query.ts';
import type { TaskInfo, TaskList, TaskOperation } from '../../../contract/schemas/task.ts';
import { checkToken, pageOf, type PageQuery } from '../../domain/lists/keyset-page.ts';
import { isFinished, type Task, taskKey, type TaskState, toTaskInfo } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { onlySeen, type VisibleNamespaces } from '../access/visible-namespaces.ts';

/** Which tasks; `continue` comes from the previous page. */
export type TaskFilter = {
  namespace?: string;
  release?: string;
  /** Changes of this project, and installs of its members. */
  project?: string;
  operation?: TaskOperation;
  state?: TaskState;
  /** Accepted at this time or later, in milliseconds since the epoch. */
  sinceMs?: number;
  /** Accepted before this time, in milliseconds since the epoch. */
  untilMs?: number;
  /** Part of the namespace, the release or the project, ignoring case. */
  text?: string;
  sort?: TaskSort;
  limit?: number;
  continue?: string;
};

/**
 * Lists the visible tasks, newest first unless asked otherwise.
 * @throws ProblemError QUERY_INVALID
 */
export type ListTasks = (filter: TaskFilter, visible: VisibleNamespaces | null) => Promise<TaskList>;

export function createListTasks({ store }: { store: Pick<TaskStore, 'all' | 'unfinishedOf'> }): ListTasks {
  const describe = (task: Task): TaskInfo => toTaskInfo(task, isFinished(task) ? undefined : waitsFor(store, task));

  return async function listTasks({ sort = '-createdAt', limit, continue: token, ...filter }, visible) {
    const query: PageQuery = {
      order: sort,
      filters: filter,
      ...(limit !== undefined && { limit }),
      ...(token !== undefined && { continue: token }),
    };
    checkToken(query);
    const wanted = store
      .all()
      .map(({ task }) => task)
      .filter((task) => matches(task, filter));
    const found = await onlySeen(visible, wanted);
    // Ids are in the first text, too: tasks of one moment are in the opposite order in the opposite direction.
    const page = pageOf(found, ({ createdAt, id }) => [`${createdAt} ${id}`], query);
    return {
      num: page.items.length,
      total: found.length,
      items: page.items.map(describe),
      ...(page.continue !== undefined && { continue: page.continue }),
    };
  };
}

/** Id of the preceding task of the same release, if it is unfinished. */
export function waitsFor(store: Pick<TaskStore, 'unfinishedOf'>, task: Task): string | undefined {
  const open = store.unfinishedOf(taskKey(task));
  const index = open.findIndex((other) => other.task.id === task.id);
  return index < 1 ? undefined : open[index - 1]?.task.id;
}

function matches(task: Task, filter: Omit<TaskFilter, 'sort' | 'limit' | 'continue'>): boolean {
  const { namespace, release, project, operation, state, sinceMs, untilMs, text } = filter;
  const own = projectOf(task);
  return (
    (namespace === undefined || task.namespace === namespace) &&
    (release === undefined || task.release === release) &&
    (project === undefined || own === project) &&
    (operation === undefined || task.order.kind === operation) &&
    (state === undefined || task.state === state) &&
    (sinceMs === undefined || Date.parse(task.createdAt) >= sinceMs) &&
    (untilMs === undefined || Date.parse(task.createdAt) < untilMs) &&
    (text === undefined || `${task.namespace}/${task.release} ${own}`.toLowerCase().includes(text.toLowerCase()))
  );
}

/** The project that a task changes, or that the release which it installs belongs to. */
function projectOf({ project, order }: Task): string {
  return project ?? (order.kind === 'install' ? (order.membership?.project ?? '') : '');
}
