import { setTimeout as pause } from 'node:timers/promises';

import type { ChaosWorld, Replica } from './chaos-world.ts';
import type { SeededRandom } from '../harness/seeded-random.ts';

/** One thing that can go wrong; `run` starts the fault and resolves when the broken part is back. */
interface Fault {
  name: string;
  /** The part that the fault breaks: a part is broken by one fault at a time. */
  target: string;
  run(): Promise<void>;
}

/** A fault that happened, for the report. */
export interface Happened {
  /** Seconds since the start. */
  at: number;
  name: string;
}

/** Injects faults until the signal is aborted; resolves, with all faults that happened, when everything works again. */
export async function runRandomFaults(
  world: ChaosWorld,
  random: SeededRandom,
  signal: AbortSignal,
  onFault: (happened: Happened) => void,
): Promise<Happened[]> {
  const begin = performance.now();
  const happened: Happened[] = [];
  const going = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    const fault = random.pick(faultsOf(world, random));
    if (!going.has(fault.target)) {
      const one = { at: Math.round((performance.now() - begin) / 100) / 10, name: fault.name };
      happened.push(one);
      onFault(one);
      going.set(
        fault.target,
        fault.run().finally(() => going.delete(fault.target)),
      );
    }
    await pause(random.between(500, 5_000), undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(going.values());
  return happened;
}

function faultsOf(world: ChaosWorld, random: SeededRandom): Fault[] {
  const replica = random.pick(world.replicas);
  // Sometimes longer than the lease, so that another replica takes over.
  const frozenMs = random.between(1_000, 15_000);
  const awayMs = random.between(0, 4_000);
  return [
    ...replicaFaults(replica, frozenMs, awayMs),
    ...connectionFaults(world, replica),
    ...storeFaults(world, awayMs),
  ];
}

function replicaFaults(replica: Replica, frozenMs: number, awayMs: number): Fault[] {
  const { name, server } = replica;
  const freeze = (what: 'server' | 'engine' | 'both'): Fault => ({
    name: `freeze ${what} of ${name} for ${frozenMs} ms`,
    target: name,
    async run() {
      const chosen = what === 'server' ? [server.pid] : server.children();
      if (what === 'both') chosen.push(server.pid);
      chosen.forEach((pid) => send(pid, 'SIGSTOP'));
      await pause(frozenMs);
      chosen.forEach((pid) => send(pid, 'SIGCONT'));
    },
  });
  const kill = (what: 'server' | 'both'): Fault => ({
    name: `kill ${what} of ${name}, back after ${awayMs} ms`,
    target: name,
    async run() {
      if (what === 'both') server.children().forEach((pid) => send(pid, 'SIGKILL'));
      await server.kill();
      await pause(awayMs);
      await replica.restart();
    },
  });
  const killEngine: Fault = {
    name: `kill engine of ${name}`,
    target: name,
    run: () => Promise.resolve(server.children().forEach((pid) => send(pid, 'SIGKILL'))),
  };
  return [kill('server'), killEngine, kill('both'), freeze('server'), freeze('engine'), freeze('both')];
}

function connectionFaults({ kafka }: ChaosWorld, { name, kube, redis }: Replica): Fault[] {
  const to = { 'API server': kube, Redis: redis, Kafka: kafka };
  return Object.entries(to).flatMap(([what, proxy]) => [
    { name: `cut ${name} from the ${what}`, target: `${name} ${what}`, run: () => Promise.resolve(proxy.cut()) },
    // The connection stays silent: the client must notice that.
    { name: `silence ${name} to the ${what}`, target: `${name} ${what}`, run: () => Promise.resolve(proxy.stall()) },
  ]);
}

function storeFaults({ redis, broker }: ChaosWorld, awayMs: number): Fault[] {
  const garbage = async (): Promise<void> => {
    const known = await redis.client.hkeys('walm-releases');
    await redis.client.hset('walm-releases', { 'chaos-a/nobody': '{"name":"nobody"}', 'no key': '\u0000' });
    await redis.client.hset('walm-release-tasks', 'chaos-a/nobody', '[]');
    if (known[0] !== undefined) await redis.client.hset('walm-releases', known[0], '{"version": 999}');
  };
  return [
    { name: 'wipe Redis', target: 'Redis', run: async () => void (await redis.client.flushall()) },
    { name: 'put garbage into Redis', target: 'Redis', run: garbage },
    {
      name: `kill Redis, back after ${awayMs} ms`,
      target: 'Redis',
      async run() {
        await redis.kill();
        await pause(awayMs);
        await redis.restart();
      },
    },
    {
      name: `kill the broker, back after ${awayMs} ms`,
      target: 'broker',
      async run() {
        await broker.kill();
        await pause(awayMs);
        await broker.restart();
      },
    },
    {
      name: `freeze the broker for ${awayMs} ms`,
      target: 'broker',
      async run() {
        broker.freeze();
        await pause(awayMs);
        broker.wake();
      },
    },
  ];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
