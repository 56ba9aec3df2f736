import type { Caller } from '../../domain/access/caller.ts';
import { shareOf } from '../../domain/access/sharer.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { askedTasks } from '../../domain/tasks/asked-tasks.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

export type TaskPlacesDeps = {
  store: Pick<TaskStore, 'unfinished'>;
  /** Maximum unfinished tasks requested in a namespace, by all callers. */
  perNamespace: number;
  /**
   * Maximum unfinished tasks of one caller (`shareOf`), in all namespaces; of all callers together if they are not authenticated.
   */
  perCaller: number;
};

/** The caller of a task, and its namespace. */
type Wanted = { namespace: string; caller: Caller | null };

/** Limits how many changes may wait: further ones are refused before anything of them is stored. */
export interface TaskPlaces {
  /**
   * Takes a place until the task is in the store: call the returned function then.
   * @throws ProblemError TOO_MANY_TASKS
   */
  take(wanted: Wanted): () => void;
}

export function createTaskPlaces({ store, perNamespace, perCaller }: TaskPlacesDeps): TaskPlaces {
  /** Accepted, but not in the store yet. */
  const coming = new Set<Wanted>();

  return {
    take(wanted) {
      const { namespace, caller } = wanted;
      const open: Wanted[] = [...askedTasks(store.unfinished().map(({ task }) => task)), ...coming];
      const here = open.filter((task) => task.namespace === namespace).length;
      if (here >= perNamespace) {
        throw tooMany(`in namespace ${namespace}`, perNamespace);
      }
      const mine = open.filter((task) => shareOf(task.caller) === shareOf(caller)).length;
      if (mine >= perCaller) {
        throw tooMany(caller === null ? 'on this server' : `of ${JSON.stringify(shareOf(caller))}`, perCaller);
      }
      coming.add(wanted);
      return () => void coming.delete(wanted);
    },
  };
}

function tooMany(where: string, limit: number) {
  return problem('TOO_MANY_TASKS', `${limit} tasks ${where} are not finished yet: try again when some are`, {
    limit,
  });
}
