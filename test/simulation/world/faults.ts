import { CALM, type Weather } from './network.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** What usually happens to requests on the network. */
const ROUGH: Weather = { unsent: 0.01, lost: 0.015, late: 0.01 };
const STORM: Weather = { unsent: 0.1, lost: 0.12, late: 0.05 };
/** Two and a half leases: the next leader has made progress by then. */
const MAX_FROZEN_MS = 22_000;
/** Silence on a connection is noticed after 18 s. */
const MAX_SILENCE_MS = 25_000;

/** Injects one fault after the other until `isOver`, then repairs everything. */
export async function runFaults(
  world: SimulatedWorld,
  servers: readonly SimulatedServer[],
  isOver: () => boolean,
): Promise<void> {
  const { random, trace, sleep } = world;
  world.change(ROUGH);
  while (!isOver()) {
    await sleep(random.between(200, 5_000));
    if (isOver()) break;
    const [name, happen] = random.pick(faultsOf(world, random.pick(servers)));
    trace.note(`FAULT ${name}`);
    happen();
  }
  world.change(CALM);
  trace.note('everything is whole again');
}

function faultsOf(world: SimulatedWorld, server: SimulatedServer): [string, () => void][] {
  const { random, api, hashes } = world;
  const { name } = server;
  // Sometimes longer than the lease, so that another replica takes over.
  const frozenMs = random.between(500, MAX_FROZEN_MS);
  const awayMs = random.between(0, 4_000);
  const silentMs = random.between(1_000, MAX_SILENCE_MS);
  const kill = () => server.kill(awayMs);
  return [
    [`kill ${name}, back after ${awayMs} ms`, kill],
    [`kill ${name}, back after ${awayMs} ms`, kill],
    [`kill the engine of ${name}`, () => server.killEngine(random.between(0, 1_000))],
    [`freeze ${name} for ${frozenMs} ms`, () => server.freeze(frozenMs)],
    [`freeze the engine of ${name} for ${frozenMs} ms`, () => server.freezeEngine(frozenMs)],
    [
      `freeze ${name} and its engine for ${frozenMs} ms`,
      () => {
        server.freeze(frozenMs);
        server.freezeEngine(frozenMs);
      },
    ],
    [`cut ${name} off`, () => server.cut()],
    [`silence ${name} for ${silentMs} ms`, () => server.silence(silentMs)],
    [
      'forget what happened, and cut all watches',
      () => {
        api.compact();
        server.cut();
      },
    ],
    [`Redis is away for ${awayMs} ms, and empty then`, () => hashes.lose(awayMs)],
    ['storm', () => world.change(STORM)],
    ['the storm is over', () => world.change(ROUGH)],
  ];
}
