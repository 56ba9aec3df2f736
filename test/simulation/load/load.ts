import type { SimulatedClient } from '../simulated-client.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import type { Actor } from './actor.ts';
import { createChain } from './chain.ts';
import { createChanges, type Load } from './changes.ts';
import { createCounter } from './counter.ts';
import { createLife } from './life.ts';
import { createPlainHelm } from './plain-helm.ts';
import { createProjectLife } from './project.ts';
import { createRollouts } from './rollouts.ts';
import { createSharers } from './sharers.ts';

/** Beside a release that goes through everything: two of these, others for each seed. */
const MAKERS: Readonly<Record<string, (actor: Actor, namespace: string) => () => Promise<void>>> = {
  life: (actor, namespace) => createLife(actor, namespace, 'app'),
  chain: createChain,
  counter: createCounter,
  project: createProjectLife,
  rollouts: createRollouts,
  sharers: createSharers,
};

/** Changes releases until `isOver`; resolves when the last change of each has ended. */
export async function runLoad(
  world: SimulatedWorld,
  { servers, client }: { servers: readonly SimulatedServer[]; client: SimulatedClient },
  [first, second]: readonly [string, string],
  isOver: () => boolean,
): Promise<Load> {
  const { random, trace } = world;
  const changes = createChanges(world, client);
  const { load } = changes;
  const isDone = () => isOver() || load.troubles.length > 0;
  const actor: Actor = { world, servers, client, changes, plainHelm: createPlainHelm(world), isOver: isDone };

  async function act(about: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      load.troubles.push(`${about}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  const names = Object.keys(MAKERS);
  const one = random.pick(names);
  const other = random.pick(names.filter((name) => name !== one));
  trace.note(`load: life, ${one}, ${other}`);
  await Promise.all([
    act('life', createLife(actor, first, 'app')),
    ...[one, other].map((name) => act(name, MAKERS[name]?.(actor, second) ?? (() => Promise.resolve()))),
  ]);
  return load;
}
