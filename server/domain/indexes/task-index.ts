import type { TaskProgress } from '../../../contract/schemas/task.ts';
import type { ReleaseKey } from '../names/release-key.ts';
import { compareArrival, isFinished, type Task, taskKey } from '../tasks/task.ts';

type Entry = { task: Task; version: number };

/** Tasks in memory, by id and by release: the view of a task store. */
export interface TaskIndex {
  /** Adds a task unless a newer version is known; returns whether it did. */
  put(entry: Entry): boolean;
  /** Removes a task and returns it. */
  remove(id: string): Task | undefined;
  /** Removes every task that is not among `ids` and returns them. */
  retain(ids: ReadonlySet<string>): Task[];
  /** Records progress without a new version; returns the task, or undefined if it is unknown or finished. */
  report(id: string, progress: TaskProgress): Task | undefined;
  /**
   * Shows another state of a task without a new version, if `version` is still the known one; null otherwise. The
   * returned function shows the stored state again and returns it, unless a newer one was added meanwhile.
   */
  announce(version: number, task: Task): (() => Task | undefined) | null;
  get(id: string): Entry | undefined;
  /** In order of arrival, like the next three. */
  all(): Entry[];
  unfinished(): Entry[];
  unfinishedOf(key: ReleaseKey): Entry[];
  tasksOf(key: ReleaseKey): Task[];
  latestOf(key: ReleaseKey): Task | undefined;
}

export function createTaskIndex(): TaskIndex {
  const byId = new Map<string, Entry>();
  const byKey = new Map<ReleaseKey, Set<string>>();
  /** Finished tasks stay for a day; looking for work must not scan them. */
  const open = new Set<string>();

  /** All ids in order of arrival; null after an id was added or removed. Lists need all of them repeatedly. */
  let ordered: readonly string[] | null = null;

  function inOrder(ids: Iterable<string>): Entry[] {
    return [...ids].flatMap((id) => byId.get(id) ?? []).toSorted((a, b) => compareArrival(a.task, b.task));
  }

  function show(entry: Entry): void {
    byId.set(entry.task.id, entry);
    if (isFinished(entry.task)) {
      open.delete(entry.task.id);
    } else {
      open.add(entry.task.id);
    }
  }

  function all(): Entry[] {
    ordered ??= inOrder(byId.keys()).map(({ task }) => task.id);
    return ordered.flatMap((id) => byId.get(id) ?? []);
  }

  function latestOf(key: ReleaseKey): Task | undefined {
    let latest: Task | undefined;
    for (const id of byKey.get(key) ?? []) {
      const task = byId.get(id)?.task;
      latest = task === undefined || (latest !== undefined && compareArrival(latest, task) > 0) ? latest : task;
    }
    return latest;
  }

  function remove(id: string): Task | undefined {
    const task = byId.get(id)?.task;
    if (task !== undefined) {
      ordered = null;
      byId.delete(id);
      open.delete(id);
      const siblings = byKey.get(taskKey(task));
      siblings?.delete(id);
      if (siblings?.size === 0) {
        byKey.delete(taskKey(task));
      }
    }
    return task;
  }

  return {
    put(entry) {
      const known = byId.get(entry.task.id);
      if (known !== undefined && known.version >= entry.version) {
        return false;
      }
      if (known === undefined) {
        ordered = null;
      }
      show(entry);
      const key = taskKey(entry.task);
      byKey.set(key, (byKey.get(key) ?? new Set()).add(entry.task.id));
      return true;
    },
    remove,
    retain: (ids) => [...byId.keys()].filter((id) => !ids.has(id)).flatMap((id) => remove(id) ?? []),
    report(id, progress) {
      const known = byId.get(id);
      if (known === undefined || isFinished(known.task)) {
        return undefined;
      }
      const task = { ...known.task, progress };
      byId.set(id, { task, version: known.version });
      return task;
    },
    announce(version, task) {
      const stored = byId.get(task.id);
      if (stored?.version !== version) {
        return null;
      }
      const announced = { task, version };
      show(announced);
      return () => {
        if (byId.get(task.id) !== announced) {
          return undefined;
        }
        show(stored);
        return stored.task;
      };
    },
    get: (id) => byId.get(id),
    all,
    unfinished: () => inOrder(open),
    unfinishedOf: (key) => inOrder(byKey.get(key) ?? []).filter(({ task }) => !isFinished(task)),
    tasksOf: (key) => inOrder(byKey.get(key) ?? []).map(({ task }) => task),
    latestOf,
  };
}
