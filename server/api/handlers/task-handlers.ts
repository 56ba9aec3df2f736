import type { TaskInfo, TaskList } from '../../../contract/schemas/task.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import { readTime } from '../../domain/lists/read-time.ts';
import type { TaskFilter } from '../../services/tasks/list-tasks.ts';
import { eventPosition, type EventPosition } from './event-position.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases of task operations. */
export interface TaskServices extends EventPosition {
  /** @throws ProblemError TASK_NOT_FOUND */
  readonly getTask: (id: string, caller: Caller | null) => Promise<TaskInfo>;
  readonly listTasks: (filter: TaskFilter, visible: VisibleNamespaces | null) => Promise<TaskList>;
  readonly cancelTask: (id: string, caller: Caller | null, signal: AbortSignal) => Promise<TaskInfo>;
}

/** The handlers of the operations on tasks. */
export function createTaskHandlers({
  latestEvent,
  getTask,
  listTasks,
  cancelTask,
}: TaskServices): HandlersOf<'getTask' | 'listTasks' | 'cancelTask'> {
  return {
    getTask: async ({ path, caller }) => ({ status: 200, body: await getTask(path.task, caller) }),
    listTasks: async ({ query, visible }) => {
      const { namespace, release, project, operation, state, sort, limit, continue: from, q: text } = query;
      const sinceMs = readTime('since', query.since);
      const untilMs = readTime('until', query.until);
      const filter = {
        ...(namespace !== undefined && { namespace }),
        ...(release !== undefined && { release }),
        ...(project !== undefined && { project }),
        ...(operation !== undefined && { operation }),
        ...(state !== undefined && { state }),
        ...(sinceMs !== undefined && { sinceMs }),
        ...(untilMs !== undefined && { untilMs }),
        ...(text !== undefined && { text }),
        sort,
        ...(limit && { limit }),
        ...(from !== undefined && { continue: from }),
      };
      const headers = eventPosition({ latestEvent });
      const body = await listTasks(filter, visible);
      return { status: 200, body, headers };
    },
    cancelTask: async ({ path, caller, signal }) => ({
      status: 200,
      body: await cancelTask(path.task, caller, signal),
    }),
  };
}
