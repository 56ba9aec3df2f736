import { createTaskIndex, type TaskIndex } from './task-index.ts';
import { isFinished, type Task } from '../tasks/task.ts';

type Listener = (task: Task, removed: boolean) => void;
type Entry = { task: Task; version: number };

/** The tasks that a process knows, and the subscribers to their changes. */
export type TaskView = {
  /** Adds a task and notifies, unless a newer version is known or the same state was announced. */
  put(entry: Entry): void;
  /** Adds tasks that were read together, and notifies when all are known: starting one depends on the others. */
  putAll(entries: readonly Entry[]): void;
  /** Removes a task and notifies, if it was known. */
  remove(id: string): void;
  /** Removes every task that is not among `ids`. */
  retain(ids: ReadonlySet<string>): void;
  get(id: string): Entry | undefined;
  /** The methods that are the same for every task store. */
  readers: Pick<TaskIndex, 'all' | 'unfinished' | 'unfinishedOf' | 'tasksOf' | 'latestOf'> & {
    announce(stored: Entry, task: Task): () => void;
    report(id: string, progress: NonNullable<Task['progress']>): void;
    subscribe(listener: Listener): () => void;
  };
};

export function createTaskView(): TaskView {
  const index = createTaskIndex();
  const listeners = new Set<Listener>();

  function tell(task: Task | undefined, removed: boolean): void {
    if (task !== undefined) {
      listeners.forEach((listener) => listener(task, removed));
    }
  }

  /** Whether there is something to tell of it. */
  function take(entry: Entry): boolean {
    const shown = index.get(entry.task.id)?.task;
    const announced = shown !== undefined && isFinished(shown) && shown.state === entry.task.state;
    return index.put(entry) && !announced;
  }

  const putAll = (entries: readonly Entry[]) => entries.filter(take).forEach(({ task }) => tell(task, false));

  return {
    putAll,
    put: (entry) => putAll([entry]),
    remove: (id) => tell(index.remove(id), true),
    retain: (ids) => index.retain(ids).forEach((task) => tell(task, true)),
    get: (id) => index.get(id),
    readers: {
      all: () => index.all(),
      unfinished: () => index.unfinished(),
      unfinishedOf: (key) => index.unfinishedOf(key),
      tasksOf: (key) => index.tasksOf(key),
      latestOf: (key) => index.latestOf(key),
      announce(stored, task) {
        const takeBack = index.announce(stored.version, task);
        if (takeBack !== null) {
          tell(task, false);
        }
        return () => tell(takeBack?.(), false);
      },
      report: (id, progress) => tell(index.report(id, progress), false),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
