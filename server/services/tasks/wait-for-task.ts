import { ProblemError } from '../../domain/errors/problem-error.ts';
import { isFinished, type Task, taskKey } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { StoredTask, TaskStore } from '../../ports/storage/task-store.ts';

export type WaitForTaskDeps = { store: Pick<TaskStore, 'find' | 'latestOf' | 'subscribe'>; clock: Clock };

/**
 * Waits, by notification, until a task has finished.
 * @throws ProblemError TIMEOUT_REACHED after `timeoutMs`; the task carries on (decision 28: the wait is bounded, not
 * the task), and the message says what it was doing, or which object it waited for and why. Throws the signal's reason
 * if the caller has gone.
 */
export type WaitForTask = (stored: StoredTask, timeoutMs: number, signal: AbortSignal) => Promise<Task>;

export function createWaitForTask({ store, clock }: WaitForTaskDeps): WaitForTask {
  return function waitForTask(stored, timeoutMs, signal) {
    return new Promise((resolve, reject) => {
      const { id } = stored.task;
      const end = (settle: () => void) => {
        unsubscribe();
        cancelTimer();
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const look = (task: Task) => {
        if (task.id === id && isFinished(task)) {
          end(() => resolve(task));
        }
      };
      const onAbort = () => end(() => reject(signal.reason as Error));
      const unsubscribe = store.subscribe(look);
      const cancelTimer = clock.after(timeoutMs, () =>
        end(() => {
          const latest = store.latestOf(taskKey(stored.task));
          const progress = latest?.id === id ? latest.progress : undefined;
          reject(timeoutReached(id, timeoutMs, progress));
        }),
      );
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) {
        onAbort();
      }
      void store.find(id).then(
        (found) => found && look(found.task),
        (error: unknown) => end(() => reject(error)),
      );
    });
  };
}

/** Begins with the text of the original Walm. */
function timeoutReached(task: string, timeoutMs: number, progress: Task['progress']): ProblemError {
  const message = `Timeout reached${progress === undefined ? '' : `, and task ${task} goes on: ${progress.message}`}`;
  return new ProblemError('TIMEOUT_REACHED', message, {
    details: { task, timeoutMs, ...(progress && { progress }) },
    ...(progress?.object && { object: progress.object }),
  });
}
