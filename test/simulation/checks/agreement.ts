import type { Load } from '../load/changes.ts';
import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import { answerTroubles } from './answers-agree.ts';
import { projectTroubles } from './projects-agree.ts';
import { archiveTroubles, historiesOf, objectTroubles, recordTroubles, releaseIn } from './records-agree.ts';
import { taskTroubles } from './tasks-agree.ts';

/** Whose word is compared with whose. */
export interface Agreement {
  world: Pick<SimulatedWorld, 'api' | 'published' | 'hashes'>;
  servers: readonly SimulatedServer[];
  client: Pick<SimulatedClient, 'ask' | 'accepted'>;
  namespaces: readonly string[];
  load: Pick<Load, 'expected' | 'projects'>;
  /** The revision of a release (`namespace/name`) that came true last. */
  applied: (key: string) => number | undefined;
}

/** Whether records, objects, tasks, all replicas and the model agree; each line names what does not. */
export async function disagreements(about: Agreement): Promise<string[]> {
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
