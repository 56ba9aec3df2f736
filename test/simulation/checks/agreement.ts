import { answerTroubles } from './answers-agree.ts';
import type { Compared } from './compared.ts';
import { projectTroubles } from './projects-agree.ts';
import { archiveTroubles, historiesOf, objectTroubles, recordTroubles, releaseIn } from './records-agree.ts';
import { taskTroubles } from './tasks-agree.ts';

/** Whether records, objects, tasks, all replicas and the model agree; each line names what does not. */
export async function disagreements(about: Compared): Promise<string[]> {
  const { api } = about.world;
  const lines: string[] = [];
  for (const namespace of about.namespaces) {
    const histories = historiesOf(api, namespace);
    const releases = [...histories.values()].flatMap((own) => releaseIn(own, about.applied) ?? []);
    lines.push(...[...histories].flatMap(([name, own]) => recordTroubles(`${namespace}/${name}`, own)));
    lines.push(...objectTroubles(api, namespace, releases), ...archiveTroubles(api, namespace, releases));
    lines.push(...(await answerTroubles(about, namespace, releases)));
  }
  return [...lines, ...(await projectTroubles(about)), ...(await taskTroubles(about))];
}
