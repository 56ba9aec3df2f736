import type { ProjectInfoList } from '../../../contract/schemas/project.ts';
import type { Compared } from './compared.ts';

/** Every replica shows the same projects, each with the expected releases. */
export async function projectProblems({ servers, client, load }: Compared): Promise<string[]> {
  const lines: string[] = [];
  for (const server of servers) {
    const answer = await client.ask(server, { id: 'listProjects', path: {} });
    if (answer?.status !== 200) {
      lines.push(`${server.name} answers ${answer?.status} ${answer?.code}`);
      continue;
    }
    const { items } = answer.body as ProjectInfoList;
    for (const { namespace, name, members } of load.projects) {
      const found = items.find((one) => one.namespace === namespace && one.name === name);
      const named = new Set(found?.releases.map((one) => one.name));
      const wrong = members.filter((one) => !one.exists.has(named.has(one.name)));
      if (wrong.length === 0) continue;
      const wanted = members.map((one) => `${one.name} ${[...one.exists].join(' or ')}`).join(', ');
      lines.push(`${server.name} says that project ${name} has ${[...named].join(', ')}; wanted was ${wanted}`);
    }
  }
  return lines;
}
