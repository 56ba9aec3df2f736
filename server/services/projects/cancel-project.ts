import { isPartOf, type Task } from '../../domain/tasks/task.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { CancelTask } from '../tasks/cancel-task.ts';

export type CancelProjectDeps = {
  store: Pick<TaskStore, 'unfinished'>;
  cancelTask: CancelTask;
  clock: Pick<Clock, 'after'>;
};

/** Long enough for every release task to be stopped and undone; anything slower carries on in the background. */
const WAIT_MS = 60_000;

/** Cancels the unfinished release tasks of a project task; returns which ones. */
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
