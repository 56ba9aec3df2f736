import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import type { Actor } from './actor.ts';
import { createChain } from './chain.ts';
import { createChanges, type Load } from './changes.ts';
import { createComings } from './comings.ts';
import { createCounter } from './counter.ts';
import { createLife } from './life.ts';
import { createPlainHelm } from './plain-helm.ts';
import { createProjectLife } from './project.ts';
import { createRestarts } from './restarts.ts';
import { createRollouts } from './rollouts.ts';
import { createSharers } from './sharers.ts';

/** The parts of a load. The usual load is a life and two other parts, which depend on the seed. */
const MAKERS = {
  life: (actor: Actor, namespace: string) => createLife(actor, namespace, 'app'),
  chain: createChain,
  comings: createComings,
  counter: createCounter,
  project: createProjectLife,
  restarts: createRestarts,
  rollouts: createRollouts,
  sharers: createSharers,
} satisfies Readonly<Record<string, (actor: Actor, namespace: string) => () => Promise<void>>>;

/** The name of a part of the load. */
export type LoadName = keyof typeof MAKERS;

/** Changes releases until `isOver`; resolves when the last change of each has ended. */
export async function runLoad(
  world: SimulatedWorld,
  { servers, client }: { servers: readonly SimulatedServer[]; client: SimulatedClient },
  { namespaces, parts }: { namespaces: readonly string[]; parts?: readonly LoadName[] | undefined },
  isOver: () => boolean,
): Promise<Load> {
  const { random, trace } = world;
  const changes = createChanges(world, client);
  const { load } = changes;
  const isDone = () => isOver() || load.problems.length > 0;
  const actor: Actor = { world, servers, client, changes, plainHelm: createPlainHelm(world), isOver: isDone };

  async function act(about: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      load.problems.push(`${about}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  function usualParts(): LoadName[] {
    const names = Object.keys(MAKERS) as LoadName[];
    const one = random.pick(names);
    return ['life', one, random.pick(names.filter((name) => name !== one))];
  }

  const names = parts ?? usualParts();
  trace.note(`load: ${names.join(', ')}`);
  await Promise.all(
    names.map((name, at) => act(name, MAKERS[name](actor, namespaces[at] ?? namespaces.at(-1) ?? 'default'))),
  );
  return load;
}
