import type { TaskInfo } from '../../contract/task.ts';
import type { HandlersOf } from './handler.ts';

/** What the operations on tasks ask for. */
export interface TaskServices {
  /** @throws ProblemError TASK_NOT_FOUND */
  readonly getTask: (id: string) => Promise<TaskInfo>;
}

/** The handlers of the operations on tasks. */
export function createTaskHandlers({ getTask }: TaskServices): HandlersOf<'getTask'> {
  return { getTask: async ({ path }) => ({ status: 200, body: await getTask(path.task) }) };
}
