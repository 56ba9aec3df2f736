import { createTaskIndex } from '../../domain/task-index.ts';
import type { Task } from '../../domain/task.ts';
import { type StoredTask, TaskConflict, type TaskStore } from '../../ports/task-store.ts';

/** Tasks that live as long as the process. */
export function createMemoryTaskStore(): TaskStore {
  const index = createTaskIndex();
  const listeners = new Set<(task: Task, removed: boolean) => void>();
  let version = 0;

  function tell(task: Task, removed: boolean): void {
    for (const listener of listeners) {
      listener(task, removed);
    }
  }

  function write(task: Task): StoredTask {
    version += 1;
    const stored = { task: structuredClone(task), version };
    index.put(stored);
    tell(stored.task, false);
    return stored;
  }

  return {
    create: (task) => Promise.resolve(index.get(task.id) === undefined ? write(task) : null),
    update: (stored, task) =>
      index.get(stored.task.id)?.version === stored.version
        ? Promise.resolve(write(task))
        : Promise.reject(new TaskConflict(stored.task.id)),
    remove(id) {
      const task = index.remove(id);
      if (task !== undefined) {
        tell(task, true);
      }
      return Promise.resolve();
    },
    report(id, progress) {
      const task = index.report(id, progress);
      if (task !== undefined) {
        tell(task, false);
      }
    },
    find: (id) => Promise.resolve(index.get(id) ?? null),
    all: () => index.all(),
    unfinished: () => index.unfinished(),
    unfinishedOf: (key) => index.unfinishedOf(key),
    latestOf: (key) => index.latestOf(key),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    run: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve();
        }
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    synced: () => Promise.resolve(),
  };
}
