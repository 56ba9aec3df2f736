import { whenAborted } from '../../ports/runtime/clock.ts';
import { createTaskView } from '../../domain/indexes/task-view.ts';
import { taskAtRest } from '../../domain/tasks/task-at-rest.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';

/** Tasks that live as long as the process. */
export function createMemoryTaskStore(): TaskStore {
  const view = createTaskView();
  let version = 0;

  function write(task: Task): StoredTask {
    version += 1;
    const stored = { task: structuredClone(taskAtRest(task)), version };
    view.put(stored);
    return stored;
  }

  return {
    ...view.readers,
    refuseTooLarge: () => Promise.resolve(),
    create: (task) => Promise.resolve(view.get(task.id) === undefined ? write(task) : null),
    update: (stored, task) =>
      view.get(stored.task.id)?.version === stored.version
        ? Promise.resolve(write(task))
        : Promise.reject(new TaskConflict(stored.task.id)),
    remove(id) {
      view.remove(id);
      return Promise.resolve();
    },
    withdraw({ task: { id }, version: seen }) {
      if ((view.get(id)?.version ?? seen) !== seen) {
        return Promise.reject(new TaskConflict(id));
      }
      view.remove(id);
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(view.get(id) ?? null),
    refused: () => [],
    run: whenAborted,
    synced: () => Promise.resolve(),
  };
}
