import type { TaskInfo, TaskList } from '../../../contract/schemas/task.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { compareArrival, isFinished, type Task, taskKey, type TaskState, toTaskInfo } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { onlySeen, type VisibleNamespaces } from '../access/visible-namespaces.ts';

/** Which tasks; `continue` comes from the previous page. */
export type TaskFilter = {
  namespace?: string;
  release?: string;
  state?: TaskState;
  limit?: number;
  continue?: string;
};

/**
 * Lists the visible tasks, newest first.
 * @throws ProblemError QUERY_INVALID
 */
export type ListTasks = (filter: TaskFilter, visible: VisibleNamespaces | null) => Promise<TaskList>;

export function createListTasks({ store }: { store: Pick<TaskStore, 'all' | 'unfinishedOf'> }): ListTasks {
  const describe = (task: Task): TaskInfo => toTaskInfo(task, isFinished(task) ? undefined : waitsFor(store, task));

  return async function listTasks(filter, visible) {
    const wanted = store
      .all()
      .map(({ task }) => task)
      .filter((task) => matches(task, filter));
    const found = (await onlySeen(visible, wanted)).toReversed();
    const from = filter.continue === undefined ? undefined : readPosition(filter.continue);
    const rest = from === undefined ? found : found.filter((task) => compareArrival(task, from) < 0);
    const page = filter.limit ? rest.slice(0, filter.limit) : rest;
    const last = page.length < rest.length ? page.at(-1) : undefined;
    return {
      num: page.length,
      total: found.length,
      items: page.map(describe),
      ...(last !== undefined && { continue: `${last.createdAt}/${last.id}` }),
    };
  };
}

/** Id of the preceding task of the same release, if it is unfinished. */
export function waitsFor(store: Pick<TaskStore, 'unfinishedOf'>, task: Task): string | undefined {
  const open = store.unfinishedOf(taskKey(task));
  const index = open.findIndex((other) => other.task.id === task.id);
  return index < 1 ? undefined : open[index - 1]?.task.id;
}

function matches(task: Task, { namespace, release, state }: TaskFilter): boolean {
  return (
    (namespace === undefined || task.namespace === namespace) &&
    (release === undefined || task.release === release) &&
    (state === undefined || task.state === state)
  );
}

function readPosition(text: string): Pick<Task, 'createdAt' | 'id'> {
  const slash = text.indexOf('/');
  if (slash < 1) {
    throw problem('QUERY_INVALID', `continue "${text}" is not a value that a list returned`, { parameter: 'continue' });
  }
  return { createdAt: text.slice(0, slash), id: text.slice(slash + 1) };
}
