import type { SimulatedServer } from '../simulated-server.ts';
import { leaseHolder } from './lease.ts';
import { CALM, ROUGH, STORM, type Weather } from './network.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** The kinds of faults that are injected while servers are under load. */
export type FaultName =
  | 'kill'
  | 'killEngine'
  | 'freeze'
  | 'freezeEngine'
  | 'freezeBoth'
  | 'cut'
  | 'silence'
  | 'forget'
  | 'redis'
  | 'storm'
  | 'calm';

/** Which faults are injected, and how often. */
export interface FaultMix {
  /** Each as often as it is listed; absent: all. */
  readonly faults?: readonly FaultName[];
  /** The maximum time between two faults, in milliseconds. */
  readonly maxPauseMs?: number;
  /** How often a fault hits the leader, from 0 to 1; otherwise any server. */
  readonly atLeader?: number;
  /** What happens to requests while no fault changes it. */
  readonly weather?: Weather;
}

interface Fault {
  readonly name: FaultName;
  readonly about: string;
  readonly happen: () => void;
}

const MAX_PAUSE_MS = 5_000;
/** Two and a half leases: the next leader has made progress by then. */
const MAX_FROZEN_MS = 22_000;
/** Silence on a connection is noticed after 18 s. */
const MAX_SILENCE_MS = 25_000;

/** Injects one fault after the other until `isOver`, then repairs everything. */
export async function runFaults(
  world: SimulatedWorld,
  servers: readonly SimulatedServer[],
  { faults, maxPauseMs = MAX_PAUSE_MS, atLeader, weather = ROUGH }: FaultMix,
  isOver: () => boolean,
): Promise<void> {
  const { random, trace, sleep } = world;

  function pickServer(): SimulatedServer {
    const isAtLeader = atLeader !== undefined && random.next() < atLeader;
    const leader = isAtLeader ? servers.find(({ name }) => name === leaseHolder(world.api)) : undefined;
    return leader ?? random.pick(servers);
  }

  world.change(weather);
  while (!isOver()) {
    await sleep(random.between(200, maxPauseMs));
    if (isOver()) break;
    const all = faultsOf(world, pickServer());
    const wanted = faults?.flatMap((kind) => all.find(({ name }) => name === kind) ?? []) ?? all;
    const { about, happen } = random.pick(wanted);
    trace.note(`FAULT ${about}`);
    happen();
  }
  world.change(CALM);
  trace.note('everything is whole again');
}

function faultsOf(world: SimulatedWorld, server: SimulatedServer): Fault[] {
  const { random, api, hashes } = world;
  const { name } = server;
  // Sometimes longer than the lease, so that another replica takes over.
  const frozenMs = random.between(500, MAX_FROZEN_MS);
  const awayMs = random.between(0, 4_000);
  const silentMs = random.between(1_000, MAX_SILENCE_MS);
  const fault = (kind: FaultName, about: string, happen: () => void): Fault => ({ name: kind, about, happen });
  const kill = fault('kill', `kill ${name}, back after ${awayMs} ms`, () => server.kill(awayMs));
  return [
    kill,
    kill,
    fault('killEngine', `kill the engine of ${name}`, () => server.killEngine(random.between(0, 1_000))),
    fault('freeze', `freeze ${name} for ${frozenMs} ms`, () => server.freeze(frozenMs)),
    fault('freezeEngine', `freeze the engine of ${name} for ${frozenMs} ms`, () => server.freezeEngine(frozenMs)),
    fault('freezeBoth', `freeze ${name} and its engine for ${frozenMs} ms`, () => {
      server.freeze(frozenMs);
      server.freezeEngine(frozenMs);
    }),
    fault('cut', `cut ${name} off`, () => server.cut()),
    fault('silence', `silence ${name} for ${silentMs} ms`, () => server.silence(silentMs)),
    fault('forget', 'forget what happened, and cut all watches', () => {
      api.compact();
      server.cut();
    }),
    fault('redis', `Redis is away for ${awayMs} ms, and empty then`, () => hashes.lose(awayMs)),
    fault('storm', 'storm', () => world.change(STORM)),
    fault('calm', 'the storm is over', () => world.change(ROUGH)),
  ];
}
