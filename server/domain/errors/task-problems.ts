import { taskFinished } from '../../../contract/release-reasons.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { problem, type ProblemError } from './problem-error.ts';

/** The problem of a task that does not exist, not any more, or not for this caller. */
export function taskNotFound(id: string): ProblemError {
  return problem('TASK_NOT_FOUND', `task ${id} is not found`);
}

/** The problem of cancelling a task that has ended. */
export function taskIsFinished(task: TaskInfo): ProblemError {
  return problem('TASK_FINISHED', taskFinished(task), { task: task.id, state: task.state });
}
