import type { ReleaseKey } from './release-key.ts';
import { type Task, taskKey } from './task.ts';

/** What is going on already. `busy` are the releases that are being changed or that have to wait for their time. */
export type QueueState = { busy: ReadonlySet<ReleaseKey>; running: readonly ReleaseKey[]; parallel: number };

/**
 * Chooses which tasks to start now: of each release only the one that arrived first (decision 27), as many as still
 * fit, and those of the namespaces with the least going on first, so that one namespace's queue holds up nobody else.
 */
export function nextTasks(waiting: readonly Task[], { busy, running, parallel }: QueueState): Task[] {
  const load = new Map<string, number>();
  const count = (namespace: string) => load.set(namespace, (load.get(namespace) ?? 0) + 1);
  running.forEach((key) => count(key.slice(0, key.indexOf('/'))));

  const heads = new Map<ReleaseKey, Task>();
  for (const task of waiting) {
    const key = taskKey(task);
    if (!heads.has(key)) {
      heads.set(key, task);
    }
  }
  const startable = [...heads].filter(([key]) => !busy.has(key)).map(([, task]) => task);
  const chosen: Task[] = [];
  while (chosen.length < parallel - running.length && startable.length > 0) {
    const least = Math.min(...startable.map(({ namespace }) => load.get(namespace) ?? 0));
    const index = startable.findIndex(({ namespace }) => (load.get(namespace) ?? 0) === least);
    for (const task of startable.splice(index, 1)) {
      chosen.push(task);
      count(task.namespace);
    }
  }
  return chosen;
}
