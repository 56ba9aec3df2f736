import type { TaskProgress } from '../../../contract/schemas/task.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { Task } from '../../domain/tasks/task.ts';

/** A task as it was last written; `version` is what the next write has to be based on. */
export type StoredTask = { task: Task; version: number };

/**
 * A Secret that looks like a task and is none for this Walm; `name` is the Secret's. `newer`: a Walm that knows more wrote
 * it, and it is left to that one; otherwise none of this cluster wrote it as it is.
 */
export type RefusedTask = { name: string; reason: string; newer: boolean };

/** Thrown when somebody else changed or removed the task since it was read: read it again before deciding anything. */
export class TaskConflict extends Error {
  constructor(id: string) {
    super(`task ${id} was changed or removed by someone else`);
    this.name = 'TaskConflict';
  }
}

/** What the gate of all writes gives the write of a task on its way: its seal. */
export type TaskPass = { readonly seal: (text: string) => Promise<string> };

/** `Pass` is what an adapter asks for beside the task; use cases give nothing. */
export interface TaskWriter<Pass extends readonly unknown[] = []> {
  /** Keeps a new task; null when the id is taken. Rejects with BODY_TOO_LARGE when the task is too large to keep. */
  readonly create: (task: Task, ...pass: Pass) => Promise<StoredTask | null>;
  /** Writes `task` in place of `stored`; rejects with `TaskConflict` when `stored` is no longer the newest. */
  readonly update: (stored: StoredTask, task: Task, ...pass: Pass) => Promise<StoredTask>;
  /** Forgets a task; nothing happens when there is none. */
  readonly remove: (id: string) => Promise<void>;
  /** Forgets a task while `stored` is the newest of it, or when it is gone; rejects with `TaskConflict` otherwise. */
  readonly withdraw: (stored: StoredTask) => Promise<void>;
}

/** Reads of tasks, and what is done to this process's view of them alone. */
export interface TaskReader {
  /** Rejects with BODY_TOO_LARGE where `create` would, for callers who write something else before. */
  refuseTooLarge(task: Task): Promise<void>;
  /**
   * Shows this process's readers a task as it is about to be written, unless `stored` is known not to be the newest;
   * `update` has to follow. What it ended with is known then while the write is on its way: after a crash the task is
   * `running` again and is observed once more. Whoever gives the write up calls what is returned: then readers see what
   * is stored again, unless something newer is known.
   */
  announce(stored: StoredTask, task: Task): () => void;
  /** Notes how far a running task is, for this process's readers only: the next write makes it durable. */
  report(id: string, progress: TaskProgress): void;
  /** One task, also when another replica created it just now. */
  find(id: string): Promise<StoredTask | null>;
  /** Every task, in order of arrival. */
  all(): StoredTask[];
  /** Tasks that are not finished, in order of arrival. */
  unfinished(): StoredTask[];
  /** Tasks of one release that are not finished, in order of arrival. */
  unfinishedOf(key: ReleaseKey): StoredTask[];
  /** Every task of a release, in order of arrival. */
  tasksOf(key: ReleaseKey): Task[];
  /** The task of a release that arrived last, finished or not. */
  latestOf(key: ReleaseKey): Task | undefined;
  /** What stands among the tasks and is none: never carried out, changed or removed, and no work that is not finished. */
  refused(): readonly RefusedTask[];
  /** Calls back with every task that was added or changed, and with the last state of one that was removed. */
  subscribe(listener: (task: Task, removed: boolean) => void): () => void;
  /** Keeps the view true until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once the view has seen everything that existed when `run` began. */
  synced(): Promise<void>;
}

/**
 * Where accepted tasks are kept, durably. Reads are answered from a view in memory that knows this process's own writes
 * at once and those of others shortly after; it is complete once `synced` has resolved.
 */
export interface TaskStore extends TaskReader, TaskWriter {}

/** The store as an adapter offers it to the gate. */
export interface TaskAdapter extends TaskReader, TaskWriter<[pass: TaskPass]> {}
