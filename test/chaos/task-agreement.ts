import type { TaskInfo, TaskList } from '../../contract/schemas/task.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { overlappingTasks } from '../model/overlapping-tasks.ts';

/**
 * Whether every accepted task is known to every replica and has ended, and no two tasks of a release ran at the same
 * time; each line names the task.
 */
export async function taskDisagreements(
  { replicas }: ChaosWorld,
  accepted: ReadonlyMap<string, string>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, api } of replicas) {
    const tasks = await allTasks((query) => api.send('GET', '/api/v1/task', { query }));
    const known = new Map(tasks.map((task) => [task.id, task]));
    for (const [id, about] of accepted) {
      if (!known.has(id)) problems.push(`replica ${name} does not know task ${id} (${about})`);
    }
    for (const { id, operation, namespace, release, state, finishedAt } of tasks) {
      if (finishedAt === undefined) {
        problems.push(`replica ${name}: task ${id} (${operation} ${namespace}/${release}) is still ${state}`);
      }
    }
    problems.push(...overlappingTasks(tasks).map((line) => `replica ${name}: ${line}`));
  }
  return problems;
}

async function allTasks(list: (query: Record<string, string | number>) => Promise<{ status: number; text: string }>) {
  const tasks: TaskInfo[] = [];
  for (let from: string | undefined; ;) {
    const answer = await list({ limit: 500, ...(from !== undefined && { continue: from }) });
    if (answer.status !== 200) throw new Error(`tasks cannot be listed: ${answer.status} ${answer.text}`);
    const page = JSON.parse(answer.text) as TaskList;
    tasks.push(...page.items);
    if (page.continue === undefined) return tasks;
    from = page.continue;
  }
}
