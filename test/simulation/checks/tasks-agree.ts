import type { TaskList } from '../../../contract/schemas/task.ts';
import { overlappingTasks } from '../../model/overlapping-tasks.ts';
import type { Compared } from './compared.ts';

/** Every task that was accepted is known to every replica and has ended, and no two of a release ran at once. */
export async function taskProblems({ servers, client }: Compared): Promise<string[]> {
  const lines: string[] = [];
  for (const server of servers) {
    const answer = await client.ask(server, { id: 'listTasks', path: {}, query: { limit: '500' } });
    if (answer?.status !== 200) {
      lines.push(`${server.name} answers ${answer?.status} ${answer?.code}`);
      continue;
    }
    const { items } = answer.body as TaskList;
    const known = new Set(items.map(({ id }) => id));
    const unknown = [...client.accepted].filter(([id]) => !known.has(id));
    lines.push(...unknown.map(([id, about]) => `${server.name} does not know task ${id} (${about})`));
    const going = items.filter(({ finishedAt }) => finishedAt === undefined);
    lines.push(
      ...going.map(
        ({ id, operation, release, state }) => `${server.name}: task ${id} (${operation} ${release}) is still ${state}`,
      ),
    );
    lines.push(...overlappingTasks(items).map((line) => `${server.name}: ${line}`));
  }
  return lines;
}
