import type { ReleaseKey } from '../names/release-key.ts';
import { isFollowing, type Task, taskKey } from './task.ts';

/** Something that takes up a place: a task that runs, or one that is about to. */
export type TakenPlace = Pick<Task, 'namespace'> & {
  /** Walm began it by itself, because outputs changed. */
  following: boolean;
};

/** What is going on already. `busy` are the releases that are being changed or that have to wait for their time. */
export type QueueState = { busy: ReadonlySet<ReleaseKey>; running: readonly TakenPlace[]; parallel: number };

/** Part of the places that upgrades because of changed outputs may take up: who asks for something finds one free. */
const FOLLOWING_SHARE = 0.5;

/**
 * Chooses which tasks to start now: of each release only the one that has begun, or else the one that arrived first
 * (decision 27), as many as still
 * fit, and those with the least of their like going on first. Alike are the tasks of one namespace that somebody asked
 * for, and those by which its releases follow their providers: neither a namespace's queue nor a thousand dependents
 * hold up anybody else. Behind whom somebody waits counts as asked for.
 */
export function nextTasks(waiting: readonly Task[], { busy, running, parallel }: QueueState): Task[] {
  const heads = new Map<ReleaseKey, { task: Task; following: boolean }>();
  for (const task of waiting) {
    const key = taskKey(task);
    const head = heads.get(key);
    // One that arrived earlier may be heard of later: what has begun holds the release until it ends.
    const isFirst = head === undefined || (task.state === 'running' && head.task.state !== 'running');
    heads.set(key, { task: isFirst ? task : head.task, following: (head?.following ?? true) && isFollowing(task) });
  }

  /** What can be started, by who is alike: each in order of arrival, and so the whole. */
  const lines = new Map<string, { following: boolean; load: number; tasks: Task[] }>();
  const lineOf = ({ namespace, following }: TakenPlace) => {
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
  let followers = running.filter(({ following }) => following).length;
  const maxFollowers = Math.max(1, Math.floor(parallel * FOLLOWING_SHARE));
  while (chosen.length < parallel - running.length) {
    const open = [...lines.values()].filter(
      (line) => line.tasks.length > 0 && (!line.following || followers < maxFollowers),
    );
    const next = open.toSorted((a, b) => a.load - b.load)[0];
    if (next === undefined) {
      break;
    }
    next.load += 1;
    followers += Number(next.following);
    chosen.push(...next.tasks.splice(0, 1));
  }
  return chosen;
}
