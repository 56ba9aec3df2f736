import { problem, type ProblemError } from './problem-error.ts';

/** The problem of a task that does not exist, not any more, or not for this caller. */
export function taskNotFound(id: string): ProblemError {
  return problem('TASK_NOT_FOUND', `task ${id} is not found`);
}
