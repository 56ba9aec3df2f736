import { answerProblems } from './answers-agree.ts';
import type { Compared } from './compared.ts';
import { projectProblems } from './projects-agree.ts';
import { archiveProblems, historiesOf, objectProblems, recordProblems, releaseIn } from './records-agree.ts';
import { taskProblems } from './tasks-agree.ts';

/** Differences between records, objects, tasks, all replicas and the model; empty if all agree. */
export async function disagreements(about: Compared): Promise<string[]> {
  const { api } = about.world;
  const lines: string[] = [];
  for (const namespace of about.namespaces) {
    const histories = historiesOf(api, namespace);
    const releases = [...histories.values()].flatMap((own) => releaseIn(own, about.applied) ?? []);
    lines.push(...[...histories].flatMap(([name, own]) => recordProblems(`${namespace}/${name}`, own)));
    lines.push(...objectProblems(api, namespace, releases), ...archiveProblems(api, namespace, releases));
    lines.push(...(await answerProblems(about, namespace, releases)));
  }
  return [...lines, ...(await projectProblems(about)), ...(await taskProblems(about))];
}
