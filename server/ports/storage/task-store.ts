import type { TaskProgress } from '../../../contract/schemas/task.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { Task } from '../../domain/tasks/task.ts';

/** A task as it was last written; `version` is what the next write has to be based on. */
export type StoredTask = { task: Task; version: number };

/**
 * A Secret that looks like a task but is not valid for this Walm; `name` is the Secret's. `newer`: a newer Walm wrote
 * it, and a newer leader will run it; otherwise it was not written by a Walm of this cluster, or was changed since.
 */
export type RefusedTask = { name: string; reason: string; newer: boolean };

/** Thrown if the task was changed or removed since it was read: read it again before deciding anything. */
export class TaskConflict extends Error {
  constructor(id: string) {
    super(`task ${id} was changed or removed by someone else`);
    this.name = 'TaskConflict';
  }
}

/**
 * `Sealing` is what adapters require to write a task, and `Pass` to remove one (server/ports/gate); use cases pass
 * nothing.
 */
export interface TaskWriter<Sealing extends readonly unknown[] = [], Pass extends readonly unknown[] = []> {
  /** Stores a new task; null if the id is taken. Rejects with BODY_TOO_LARGE if the task is too large to store. */
  readonly create: (task: Task, ...sealing: Sealing) => Promise<StoredTask | null>;
  /** Replaces `stored` with `task`; rejects with `TaskConflict` if `stored` is no longer the newest. */
  readonly update: (stored: StoredTask, task: Task, ...sealing: Sealing) => Promise<StoredTask>;
  /** Removes a task; does nothing if there is none. */
  readonly remove: (id: string, ...pass: Pass) => Promise<void>;
  /**
   * Removes a task if `stored` is its newest state, or does nothing if it is gone; rejects with `TaskConflict`
   * otherwise.
   */
  readonly withdraw: (stored: StoredTask, ...pass: Pass) => Promise<void>;
}

/** Reads of tasks, and changes of this process's own view. */
export interface TaskReader {
  /** Rejects with BODY_TOO_LARGE if `create` would, for callers who write something else first. */
  refuseTooLarge(task: Task): Promise<void>;
  /**
   * Shows readers in this process a task as it is about to be written, unless `stored` is known not to be the newest;
   * `update` has to follow. The result of the task is thus visible while the write is in flight: after a crash the task
   * is `running` again and is observed once more. A caller that gives up the write calls the returned function: then
   * readers see the stored state again, unless a newer one is known.
   */
  announce(stored: StoredTask, task: Task): () => void;
  /** Records the progress of a running task, for readers in this process only: the next write makes it durable. */
  report(id: string, progress: TaskProgress): void;
  /** One task, even if another replica has only just created it. */
  find(id: string): Promise<StoredTask | null>;
  /** Every task, in order of arrival. */
  all(): StoredTask[];
  /** Unfinished tasks, in order of arrival. */
  unfinished(): StoredTask[];
  /** Unfinished tasks of one release, in order of arrival. */
  unfinishedOf(key: ReleaseKey): StoredTask[];
  /** Every task of a release, in order of arrival. */
  tasksOf(key: ReleaseKey): Task[];
  /** The task of a release that arrived last, finished or not. */
  latestOf(key: ReleaseKey): Task | undefined;
  /**
   * Secrets among the tasks that are not valid tasks: never executed, changed or removed, and not counted as
   * unfinished.
   */
  refused(): readonly RefusedTask[];
  /** Calls back with every task that was added or changed, and with the last state of one that was removed. */
  subscribe(listener: (task: Task, removed: boolean) => void): () => void;
  /** Keeps the view up to date until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once the view has seen everything that existed when `run` started. */
  synced(): Promise<void>;
}

/**
 * Durable storage of accepted tasks. Reads are answered from a view in memory that contains this process's own writes
 * at once and those of others shortly after; it is complete once `synced` has resolved.
 */
export interface TaskStore extends TaskReader, TaskWriter {}
