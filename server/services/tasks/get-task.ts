import type { ReleaseTests } from '../../../contract/schemas/release-check.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { taskNotFound } from '../../domain/errors/task-problems.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { isFinished, toTaskInfo } from '../../domain/tasks/task.ts';
import { hideTestLogs } from '../../domain/tasks/test-logs.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Authorization } from '../access/authorization.ts';
import { waitsFor } from './list-tasks.ts';

export type GetTaskDeps = {
  store: Pick<TaskStore, 'find' | 'unfinishedOf'>;
  authorization: Pick<Authorization, 'demand'>;
};

/**
 * Reads a task, with the earlier task of the same release that it waits for. Logs of tests are included for callers who
 * may read pod logs there; other callers get the name of the missing right.
 * @throws ProblemError TASK_NOT_FOUND
 */
export type GetTask = (id: string, caller: Caller | null) => Promise<TaskInfo>;

export function createGetTask({ store, authorization }: GetTaskDeps): GetTask {
  async function shown(tests: ReleaseTests, namespace: string, caller: Caller | null): Promise<ReleaseTests> {
    try {
      const right = { verb: 'get', group: '', resource: 'pods/log' } as const;
      await authorization.demand(caller, [questionOf(right, namespace)]);
      return tests;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
        return { ...tests, tests: hideTestLogs(tests.tests, error.message) };
      }
      throw error;
    }
  }

  return async function getTask(id, caller) {
    const stored = await store.find(id);
    if (stored === null) {
      throw taskNotFound(id);
    }
    const { task } = stored;
    const info = toTaskInfo(task, isFinished(task) ? undefined : waitsFor(store, task));
    return { ...info, ...(task.tests && { tests: await shown(task.tests, task.namespace, caller) }) };
  };
}
