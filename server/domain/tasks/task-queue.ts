import { shareOf } from '../access/sharer.ts';
import type { ReleaseKey } from '../names/release-key.ts';
import { isFollowing, type Task, taskKey } from './task.ts';

/** A task that takes up a place: it runs, or is about to. */
export type TakenPlace = Pick<Task, 'namespace' | 'caller'> & {
  /** An automatic upgrade because outputs changed. */
  following: boolean;
};

/**
 * Whether a task holds its release rather than the other one. Of two running ones the one that started last does: it would
 * not have started while another one was carried out.
 */
function holdsBefore(task: Task, other: Task): boolean {
  const isLater = (task.startedAt ?? '') > (other.startedAt ?? '');
  return task.state === 'running' && (other.state !== 'running' || isLater);
}

/** The present load. `busy` are the releases that are being changed or that have to wait. */
export type QueueState = { busy: ReadonlySet<ReleaseKey>; running: readonly TakenPlace[]; parallel: number };

/** Maximum share of the places for automatic upgrades, so that requests find a free one. */
const FOLLOWING_SHARE = 0.5;
/** Maximum share of them for one caller: an operation may wait for a hook for as long as its caller likes. */
const CALLER_SHARE = 0.75;

/**
 * Whether a place is left for this caller: among all, or among those for automatic upgrades. If callers are not known
 * (null), all of them together may take up all places.
 */
export function hasPlace(
  { caller, following }: Pick<TakenPlace, 'caller' | 'following'>,
  running: readonly TakenPlace[],
  parallel: number,
): boolean {
  const all = following ? Math.max(1, Math.floor(parallel * FOLLOWING_SHARE)) : parallel;
  const taken = following ? running.filter((place) => place.following) : running;
  const own = taken.filter((place) => shareOf(place.caller) === shareOf(caller));
  return taken.length < all && (caller === null || own.length < Math.max(1, Math.floor(all * CALLER_SHARE)));
}

/**
 * Chooses the tasks to start now: of each release only the running one, or else the one that arrived first (decision
 * 27: one operation per release at a time), as many as fit, preferring groups with the fewest running tasks. A group is
 * the requested tasks of a namespace, or its automatic upgrades: neither a namespace's queue nor a thousand dependents
 * delay others. A task that a requested one waits for counts as requested. No caller takes up all places, however long
 * the operations take.
 */
export function nextTasks(waiting: readonly Task[], { busy, running, parallel }: QueueState): Task[] {
  const heads = new Map<ReleaseKey, { task: Task; following: boolean }>();
  for (const task of waiting) {
    const key = taskKey(task);
    const head = heads.get(key);
    // The watch may report an earlier task late: a running task keeps the release until it ends.
    const isFirst = head === undefined || holdsBefore(task, head.task);
    heads.set(key, { task: isFirst ? task : head.task, following: (head?.following ?? true) && isFollowing(task) });
  }

  /** The tasks that can be started, by group, each in order of arrival. */
  const lines = new Map<string, { following: boolean; load: number; tasks: Task[] }>();
  const lineOf = ({ namespace, following }: Pick<TakenPlace, 'namespace' | 'following'>) => {
    const name = following ? `${namespace} following` : namespace;
    const line = lines.get(name) ?? { following, load: 0, tasks: [] };
    lines.set(name, line);
    return line;
  };
  for (const [key, { task, following }] of heads) {
    if (!busy.has(key)) {
      lineOf({ ...task, following }).tasks.push(task);
    }
  }
  running.forEach((place) => (lineOf(place).load += 1));

  const chosen: Task[] = [];
  const taken = [...running];
  while (taken.length < parallel) {
    const open = [...lines.values()].flatMap((line) => {
      const task = line.tasks.find(({ caller }) => hasPlace({ caller, following: line.following }, taken, parallel));
      return task === undefined ? [] : [{ line, task }];
    });
    const next = open.toSorted((a, b) => a.line.load - b.line.load)[0];
    if (next === undefined) {
      break;
    }
    const { line, task } = next;
    line.load += 1;
    line.tasks.splice(line.tasks.indexOf(task), 1);
    taken.push({ namespace: task.namespace, caller: task.caller, following: line.following });
    chosen.push(task);
  }
  return chosen;
}
