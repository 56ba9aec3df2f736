import { isFinished, type Task } from './task.ts';

/** A task as it is stored, and when its Secret was made (RFC 3339; undefined where the cluster does not say). */
type StoredState = { task: Task; version: number; madeAt?: string };

/** Tells tasks from earlier states of theirs that somebody who may write Secrets has put back. */
export type EndedTasks = {
  /** Why a task must not be carried out (again); null where nothing speaks against it. Remembers those that have ended. */
  whyPutBack(stored: StoredState): string | null;
};

/** Ended tasks that are remembered; the oldest go. */
const MAX_KNOWN = 20_000;
/** A Secret is made when its task is accepted; clocks differ by less. */
const LATEST_MS = 60 * 60_000;

/**
 * A seal says that a Walm accepted a task, and not that it is still to be done: what was copied from its Secret before
 * it ended would be carried out a second time. A task that has ended stays so, as long as the process remembers it; and
 * one whose Secret was made long after it was accepted was not put there by the Walm that accepted it.
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
      // What a watch tells late is older, and a request that comes again under the same key is another one.
      if (end !== undefined && end.version < version && end.createdAt === createdAt) {
        return 'it has ended before: an earlier state of it was put back';
      }
      return madeAt !== undefined && Date.parse(madeAt) - Date.parse(createdAt) > LATEST_MS
        ? `it was accepted at ${createdAt}, and its Secret made at ${madeAt}: it was put back, or the clock of this machine is late`
        : null;
    },
  };
}
