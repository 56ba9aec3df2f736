import { DEFAULT_WAIT_SEC } from '../../../contract/schemas/default-waits.ts';
import { isProblemCode } from '../../../contract/problems/problem.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { isFinished, type Task, toTaskInfo } from '../../domain/tasks/task.ts';
import type { StoredTask } from '../../ports/storage/task-store.ts';
import type { WaitForTask } from './wait-for-task.ts';
import type { MutationOutcome, Waiting } from './release-mutation.ts';

export type AwaitOutcomeDeps = {
  waitForTask: WaitForTask;
  awaitCacheCatchUp: (task: Task) => Promise<void>;
};

/**
 * Answers a change as the caller requested: at once, or when its task has finished. A repeated request may find a task
 * that failed long ago: it gets the same answer as the first request, whether the caller waits or not.
 * @throws ProblemError what the task failed with; TIMEOUT_REACHED if the caller waited long enough
 */
export type AwaitOutcome = (
  stored: StoredTask,
  waiting: Waiting | null,
  signal: AbortSignal,
) => Promise<MutationOutcome>;

export function createAwaitOutcome({ waitForTask, awaitCacheCatchUp }: AwaitOutcomeDeps): AwaitOutcome {
  return async function awaitOutcome(stored, waiting, signal) {
    const submitted = stored.task;
    if (waiting === null && !isFinished(submitted)) {
      return outcomeOf(submitted);
    }
    const defaultSec = submitted.project === undefined ? DEFAULT_WAIT_SEC.release : DEFAULT_WAIT_SEC.project;
    const timeoutMs = waiting?.timeoutMs ?? defaultSec * 1000;
    const task = isFinished(submitted) ? submitted : await waitForTask(stored, timeoutMs, signal);
    if (task.state === 'cancelled') {
      const by = task.error?.message ?? 'cancelled';
      throw problem('CANCELLED', `task ${task.id} was ${by}`, { ...task.error?.details, task: task.id });
    }
    if (task.error !== undefined) {
      const { code, message, details } = task.error;
      throw new ProblemError(isProblemCode(code) ? code : 'INTERNAL', message, {
        details: { ...details, task: task.id },
      });
    }
    await awaitCacheCatchUp(task);
    return outcomeOf(task);
  };
}

function outcomeOf(task: Task): MutationOutcome {
  const { warnings, tests } = task;
  return { task: toTaskInfo(task), finished: isFinished(task), warnings, ...(tests && { tests }) };
}
