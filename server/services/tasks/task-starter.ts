import type { Task } from '../../domain/tasks/task.ts';
import type { StoredTask } from '../../ports/storage/task-store.ts';
import type { FreshKnowledge } from './task-executor.ts';

/** A release reserved for one task; exactly one of `start` and `cancel` has to be called. */
export type Reservation = {
  /** Whether the task may still start here: not once the lead is lost. */
  holds: () => boolean;
  /** Runs the task, which was created as `running`. */
  start: (stored: StoredTask, fresh: FreshKnowledge) => void;
  cancel: () => void;
};

/** The shortcut from an accepted task to its run. */
export interface TaskStarter {
  /** Reserves the release of a requested task if it could start here and now; null if it has to queue. */
  reserve(task: Task): Reservation | null;
}
