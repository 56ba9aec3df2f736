import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { attacks } from './attacks/mutated-requests.ts';
import { grownKinds, heapKinds } from './heap-kinds.ts';
import { type HostileWorld, startHostileWorld } from './hostile-world.ts';
import { watchMemory } from './process-memory.ts';

/**
 * `FUZZ_MINUTES=20` sends randomly changed requests for that time, and checks the server's memory: what it holds after
 * garbage collection must not grow with the requests, except for the tasks of the last day and the events of the last
 * half hour, which clients can still read.
 */
const minutes = Number(process.env['FUZZ_MINUTES'] ?? 0);
const [fuzz] = attacks;
const PER_LOOK = 4;
/** The first requests compile, measure and cache things that stay. */
const WARM_ROUNDS = 8;
/** A task that can still be read, with the events about it and its release. */
const PER_TASK_KI = 12;
const GROWN_MI = 6;

let world: HostileWorld;
beforeAll(async () => {
  if (minutes > 0) world = await startHostileWorld();
});
afterAll(() => world?.stop());

async function tasks(): Promise<number> {
  return (await world.stage.admin.list(`/api/v1/namespaces/${world.stage.systemNamespace}/secrets`)).length;
}

test.runIf(minutes > 0)(
  'requests at random leave nothing in memory',
  { timeout: (minutes + 10) * 60_000 },
  async () => {
    const over = AbortSignal.timeout(minutes * 60_000);
    let round = 0;
    const attack = async (rounds: number): Promise<void> => {
      for (let i = 0; i < rounds; i += 1) {
        round += 1;
        const fresh = (beginning: string): string => `${beginning}-${round}`;
        await fuzz?.run({ ...world.stage, round, over: new AbortController().signal, fresh });
      }
    };
    const snapshot = async (): Promise<ReturnType<typeof heapKinds>> => {
      const file = join(tmpdir(), `walm-fuzz-${process.pid}-${round}.heapsnapshot`);
      try {
        await world.observe(file);
        return heapKinds(JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof heapKinds>[0]);
      } finally {
        rmSync(file, { force: true });
      }
    };

    await attack(WARM_ROUNDS);
    const [kinds, began] = [await snapshot(), { heap: (await world.observe()).heapMi, tasks: await tasks() }];
    let heap = began.heap;
    while (!over.aborted) {
      const memory = watchMemory(world.server.pid);
      await attack(PER_LOOK);
      const { serverMi, engineMi } = await memory.stop();
      heap = (await world.observe()).heapMi;
      console.log(
        `${round} rounds: heap ${heap.toFixed(1)} Mi, server ${serverMi.toFixed(0)} Mi, engine ${engineMi.toFixed(0)} Mi, tasks ${await tasks()}`,
      );
    }
    const grown = grownKinds(kinds, await snapshot()).slice(0, 15);
    for (const [kind, { count, bytes }] of grown)
      console.log(`kept: ${(bytes / 1024).toFixed(0)} Ki in ${count} ${kind}`);
    const allowed = began.heap + GROWN_MI + ((await tasks()) - began.tasks) * (PER_TASK_KI / 1024);
    expect(heap).toBeLessThan(allowed);
  },
);
