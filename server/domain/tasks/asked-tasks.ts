import { isFollowing, type Task } from './task.ts';

/** Unfinished tasks requested by callers: not automatic upgrades, nor the parts of a project. */
export function askedTasks(unfinished: readonly Task[]): Task[] {
  const projects = new Set(unfinished.filter(({ project }) => project !== undefined).map(({ id }) => id));
  return unfinished.filter(
    (task) => (!isFollowing(task) && !projects.has(task.id.replace(/-\d+$/, ''))) || projects.has(task.id),
  );
}
