import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { eventually } from '../harness/eventually.ts';
import { type KafkaReader, readKafka } from '../harness/programs/kafka-consumer.ts';
import { createCarefulClient } from './careful-client.ts';
import { type ChaosWorld, startChaosWorld } from './chaos-world.ts';
import { clusterDisagreements } from './cluster-agreement.ts';
import { runLoad } from './load.ts';
import { runRandomFaults } from './random-faults.ts';
import { readerDisagreements, unfulfilled } from './reader-agreement.ts';
import { createSeededRandom } from '../harness/seeded-random.ts';
import { taskDisagreements } from './task-agreement.ts';

/** `CHAOS_MINUTES=10` says for how long, `CHAOS_SEED=7` repeats the choices of a run. */
const minutes = Number(process.env['CHAOS_MINUTES'] ?? 10);
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
/** Silenced watches must be noticed, and copies compared, before everything agrees. */
const AGREED_WITHIN_MS = 180_000;

/** How much of each replica's log is shown if they do not agree. */
const LOG_CHARACTERS = 20_000;

let world: ChaosWorld;
let reader: KafkaReader | undefined;
beforeAll(async () => {
  world = await startChaosWorld();
});
afterAll(async () => {
  await reader?.close();
  await world.stop();
});

test(`everything agrees after ${minutes} minutes of random faults under load`, async () => {
  console.log(`seed ${seed}`);
  const over = AbortSignal.timeout(minutes * 60_000);
  const client = createCarefulClient(world, createSeededRandom(seed + 1));
  const loading = runLoad(client, createSeededRandom(seed + 2), world.namespaces, over);
  const faults = await runRandomFaults(world, createSeededRandom(seed), over, ({ at, name }) => {
    console.log(`${at.toFixed(1).padStart(6)} s  ${name}`);
  });
  console.log('everything is whole again');
  const load = await loading;
  const counted = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([what, count]) => `  ${count} ${what}`).toSorted();
  const lines = ['changes:', ...counted(load.counts), 'answers:', ...counted(client.answers)];
  console.log([`${faults.length} faults, ${client.accepted.size} tasks accepted`, ...lines].join('\n'));
  expect(load.problems).toEqual([]);

  // It reads both topics from their beginning.
  const kafka = await readKafka(`127.0.0.1:${world.kafka.port}`, ['release-config', 'release-status']);
  reader = kafka;
  const disagreements = async (): Promise<string[]> => {
    const inNamespaces = await Promise.all(
      world.namespaces.flatMap((namespace) => [
        clusterDisagreements(world, namespace),
        readerDisagreements(world, kafka, namespace),
      ]),
    );
    const tasks = await taskDisagreements(world, client.accepted);
    return [...inNamespaces.flat(), ...tasks, ...(await unfulfilled(world, load.expected))];
  };
  try {
    await eventually(
      async () => {
        const lines = await disagreements();
        if (lines.length > 0) throw new Error(lines.join('\n'));
      },
      { withinMs: AGREED_WITHIN_MS, everyMs: 2_000 },
    );
  } catch (disagreement) {
    for (const { name, server } of world.replicas) {
      console.log(`what ${name} told last:\n${server.log().slice(-LOG_CHARACTERS)}`);
    }
    throw disagreement;
  }
  // And stays that way.
  await pause(5_000);
  expect(await disagreements()).toEqual([]);
});
