import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { StoredTask } from '../../ports/storage/task-store.ts';
import type { FreshKnowledge } from './task-executor.ts';

/** A release that is held for one task; exactly one of the two has to be called. */
export type Reservation = {
  /** Runs the task, which was created as `running`. */
  start: (stored: StoredTask, fresh: FreshKnowledge) => void;
  cancel: () => void;
};

/** The short way from an accepted task to its run. */
export interface TaskStarter {
  /** Holds a release when a task of it could start here and now; null when it has to queue. */
  reserve(key: ReleaseKey): Reservation | null;
}
