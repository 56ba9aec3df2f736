import type { TaskInfo } from '../../../contract/task.ts';
import { problem } from '../../domain/problem-error.ts';
import { isFinished, toTaskInfo } from '../../domain/task.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { waitsFor } from './list-tasks.ts';

/** Reads a task, with the earlier one of the same release that it waits for. @throws ProblemError TASK_NOT_FOUND */
export function createGetTask({ store }: { store: Pick<TaskStore, 'find' | 'unfinishedOf'> }) {
  return async (id: string): Promise<TaskInfo> => {
    const stored = await store.find(id);
    if (stored === null) {
      throw problem('TASK_NOT_FOUND', `task ${id} is not found`);
    }
    const { task } = stored;
    const info = toTaskInfo(task, isFinished(task) ? undefined : waitsFor(store, task));
    return { ...info, ...(task.tests && { tests: task.tests }) };
  };
}
