import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { cancellation, type Task } from '../../domain/tasks/task.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { Recheck, TaskResult } from '../../services/tasks/task-executor.ts';

/** Abort reason of runs that take longer than the shutdown allows. */
export class ServerStops extends Error {
  constructor() {
    super('the server stops');
  }
}

/** Abort reason of runs that a caller cancelled. */
export class CancelRequested extends Error {
  readonly by: string | null;
  constructor(by: string | null) {
    super('the task was cancelled');
    this.by = by;
  }
}

/** The final fields of a task that succeeded. */
export function succeeded(
  task: Task,
  { revision, warnings = [], tests }: Exclude<TaskResult, Recheck>,
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

/**
 * The final fields of a task that failed. Details of an unexpected error appear only in the log, under the request's
 * id.
 */
export function failed(error: unknown, clock: Clock): Partial<Task> {
  const { code, message, details, object } =
    error instanceof ProblemError ? error : problem('INTERNAL', 'An unexpected error happened inside Walm');
  return {
    ...ended(clock),
    state: 'failed',
    error: { code, message, details: { ...details, ...(object && { object }) } },
  };
}

/** The final fields of a task that a user (null: unknown) cancelled while it ran. */
export function cancelledBy(
  by: string | null,
  details: Parameters<typeof cancellation>[1],
  clock: Clock,
): Partial<Task> {
  return { ...ended(clock), state: 'cancelled', error: cancellation(by, details) };
}

/** Fields of a finished task; its progress is removed. */
function ended(clock: Clock): Partial<Task> {
  return { finishedAt: timestamp(clock), progress: undefined };
}
