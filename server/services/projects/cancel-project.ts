import { isPartOf, type Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { CancelTask } from '../tasks/cancel-task.ts';

export type CancelProjectDeps = {
  store: Pick<TaskStore, 'unfinished'>;
  cancelTask: CancelTask;
  clock: Pick<Clock, 'after'>;
};

/** Long enough for every part to be stopped and undone; what takes longer carries on by itself. */
const WAIT_MS = 60_000;

/** Cancels what a project's task has begun and is not finished; answers which release tasks these are. */
export type CancelProject = (task: Task) => Promise<Record<string, unknown>>;

export function createCancelProject({ store, cancelTask, clock }: CancelProjectDeps): CancelProject {
  return async function cancelProject(task) {
    const parts = store
      .unfinished()
      .map((stored) => stored.task.id)
      .filter((id) => isPartOf(id, task));
    const late = new AbortController();
    const callOff = clock.after(WAIT_MS, () => late.abort());
    await Promise.allSettled(parts.map((id) => cancelTask(id, task.caller, late.signal)));
    callOff();
    return { releaseTasks: parts };
  };
}
