import type { TaskInfo } from '../../contract/schemas/task.ts';

/** Pairs of tasks of one release that ran at the same time; a line names both. */
export function overlappingTasks(tasks: readonly TaskInfo[]): string[] {
  const started = tasks
    .filter(({ startedAt, finishedAt }) => startedAt !== undefined && finishedAt !== undefined)
    .map((task) => ({ ...task, from: Date.parse(task.startedAt ?? ''), to: Date.parse(task.finishedAt ?? '') }))
    .toSorted((a, b) => a.from - b.from);
  return started.flatMap((task, at) => {
    const other = started.slice(at + 1).find((later) => isSame(task, later) && later.from < task.to);
    return other === undefined
      ? []
      : [`tasks ${task.id} (${task.operation}) and ${other.id} (${other.operation}) of ${task.release} ran at once`];
  });
}

function isSame(one: TaskInfo, other: TaskInfo): boolean {
  return one.namespace === other.namespace && one.release === other.release;
}
