import { isFollowing, type Task } from './task.ts';

/** Tasks among unfinished ones that somebody asked for: not those that follow a provider, nor the parts of a project. */
export function askedTasks(unfinished: readonly Task[]): Task[] {
  const projects = new Set(unfinished.filter(({ project }) => project !== undefined).map(({ id }) => id));
  return unfinished.filter(
    (task) => (!isFollowing(task) && !projects.has(task.id.replace(/-\d+$/, ''))) || projects.has(task.id),
  );
}
