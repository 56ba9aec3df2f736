import { isFinished, type Task } from './task.ts';

/** A task as it is stored, and when its Secret was created (RFC 3339; undefined if the cluster does not say). */
type StoredState = { task: Task; version: number; madeAt?: string };

/** Recognises earlier states of tasks that a user with write access to Secrets has restored. */
export type EndedTasks = {
  /** Why a task must not be executed (again); null if there is no reason. Remembers those that have ended. */
  whyPutBack(stored: StoredState): string | null;
};

/** Maximum ended tasks that are remembered; the oldest are dropped. */
const MAX_KNOWN = 20_000;
/** A Secret is created when its task is accepted; clocks differ by less than this. */
const LATEST_MS = 60 * 60_000;

/**
 * A seal proves that Walm accepted a task, not that it is still to be done: a copy of its Secret from before it ended
 * would be executed a second time. An ended task stays ended, as long as the process remembers it; and a Secret created
 * long after its task was accepted was not written by the Walm that accepted it.
 */
export function createEndedTasks(): EndedTasks {
  const ended = new Map<string, { version: number; createdAt: string }>();

  return {
    whyPutBack({ task, version, madeAt }) {
      const { id, createdAt } = task;
      if (isFinished(task)) {
        ended.delete(id);
        ended.set(id, { version, createdAt });
        const [oldest] = ended.keys();
        if (ended.size > MAX_KNOWN && oldest !== undefined) {
          ended.delete(oldest);
        }
        return null;
      }
      const end = ended.get(id);
      // A late event of the watch is older, and a request repeated with the same key has a different creation time.
      if (end !== undefined && end.version < version && end.createdAt === createdAt) {
        return 'it has ended before: an earlier state of it was put back';
      }
      return madeAt !== undefined && Date.parse(madeAt) - Date.parse(createdAt) > LATEST_MS
        ? `it was accepted at ${createdAt}, and its Secret made at ${madeAt}: it was put back, or the clock of this machine is late`
        : null;
    },
  };
}
