import { DEFAULT_WAIT_SEC } from '../../../contract/schemas/default-waits.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { taskIsFinished, taskNotFound } from '../../domain/errors/task-problems.ts';
import type { ProblemError } from '../../domain/errors/problem-error.ts';
import { cancellation, isFinished, type Task, toTaskInfo } from '../../domain/tasks/task.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';
import type { WaitForTask } from './wait-for-task.ts';

export type CancelTaskDeps = {
  store: Pick<TaskStore, 'find' | 'update'>;
  waitForTask: WaitForTask;
  clock: Clock;
};

/**
 * Cancels a task: a queued task never starts; a running task is stopped, and its effects are undone as far as possible
 * (decision 29: cancelling). Returns the cancelled task.
 * @throws ProblemError TASK_NOT_FOUND, TASK_FINISHED also if the task was faster, TIMEOUT_REACHED
 */
export type CancelTask = (id: string, caller: Caller | null, signal: AbortSignal) => Promise<TaskInfo>;

export function createCancelTask({ store, waitForTask, clock }: CancelTaskDeps): CancelTask {
  /** Saves the cancellation durably: the replica that runs the task, now or after a restart, stops it. */
  async function ask(id: string, by: string | null): Promise<StoredTask> {
    for (;;) {
      const stored = await store.find(id);
      if (stored === null) {
        throw taskNotFound(id);
      }
      const { task } = stored;
      if (isFinished(task)) {
        throw finished(task);
      }
      if (task.cancelRequest !== undefined) {
        return stored;
      }
      const changes: Partial<Task> =
        task.state === 'queued'
          ? { state: 'cancelled', finishedAt: timestamp(clock), error: cancellation(by) }
          : { cancelRequest: { by } };
      try {
        return await store.update(stored, { ...task, ...changes });
      } catch (error) {
        // The task was started or saved at this very moment: read it again.
        if (!(error instanceof TaskConflict)) {
          throw error;
        }
      }
    }
  }

  return async function cancelTask(id, caller, signal) {
    const asked = await ask(id, caller?.user ?? null);
    const task = isFinished(asked.task)
      ? asked.task
      : await waitForTask(asked, DEFAULT_WAIT_SEC.release * 1000, signal);
    if (task.state !== 'cancelled') {
      throw finished(task);
    }
    return toTaskInfo(task);
  };
}

function finished(task: Task): ProblemError {
  return taskIsFinished(toTaskInfo(task));
}
