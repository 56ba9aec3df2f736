import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { cancellation, type Task } from '../../domain/tasks/task.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { LookAgain, TaskResult } from '../../services/tasks/task-executor.ts';

/** Why runs are aborted that take longer than the server may still live. */
export class ServerStops extends Error {
  constructor() {
    super('the server stops');
  }
}

/** Why a run is aborted that somebody wanted cancelled. */
export class CancelRequested extends Error {
  readonly by: string | null;
  constructor(by: string | null) {
    super('somebody cancelled the task');
    this.by = by;
  }
}

/** What is written into a task that was carried out. */
export function succeeded(
  task: Task,
  { revision, warnings = [], tests }: Exclude<TaskResult, LookAgain>,
  clock: Clock,
): Partial<Task> {
  return {
    ...ended(clock),
    state: 'succeeded',
    ...(revision !== undefined && { revision }),
    ...(tests && { tests }),
    warnings: [...task.warnings, ...warnings],
  };
}

/** What is written into a task that failed. An unexpected error is told in the log only, under the request's id. */
export function failed(error: unknown, clock: Clock): Partial<Task> {
  const { code, message, details } =
    error instanceof ProblemError ? error : problem('INTERNAL', 'An unexpected error happened inside Walm');
  return { ...ended(clock), state: 'failed', error: { code, message, details: { ...details } } };
}

/** What is written into a task that somebody (null: nobody known) had cancelled while it ran. */
export function cancelledBy(
  by: string | null,
  details: Parameters<typeof cancellation>[1],
  clock: Clock,
): Partial<Task> {
  return { ...ended(clock), state: 'cancelled', error: cancellation(by, details) };
}

/** Fields of a finished task; progress is over. */
function ended(clock: Clock): Partial<Task> {
  return { finishedAt: timestamp(clock), progress: undefined };
}
