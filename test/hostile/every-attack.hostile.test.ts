import { getPriority } from 'node:os';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type HostileWorld, startHostileWorld } from './hostile-world.ts';
import { shown } from './judge.ts';
import { listAttacks } from './list-attacks.ts';
import { tryAttack } from './try-attack.ts';

/** `HOSTILE="duplicate keys,zeros"` tries only attacks whose names contain one of these. */
const wanted = process.env['HOSTILE']?.split(',');
const seconds = Number(process.env['HOSTILE_SECONDS'] ?? 15);
const attacks = (await listAttacks()).filter(({ name }) => wanted?.some((part) => name.includes(part)) ?? true);

let world: HostileWorld;
beforeAll(async () => {
  const niceness = getPriority();
  if (niceness > 0) {
    console.log(
      `run at niceness ${niceness}: server, engine and workers are less apart than usual, so repeat what is slow without nice`,
    );
  }
  world = await startHostileWorld();
});
afterAll(() => world.stop());

test.each(attacks)('nobody is hurt by one who $name', async (attack) => {
  const outcome = await tryAttack(world, attack, { quietMs: 5_000, attackMs: seconds * 1000 });
  const longest = `longest piece of the event loop ${outcome.maxDelayMs.toFixed(0)} ms`;
  const lines = [`${attack.name}: ${outcome.rounds} rounds, ${longest}`, ...outcome.figures.map(shown)];
  console.log([...lines, ...outcome.harm.map((harm) => `harm: ${harm}`)].join('\n  '));
  // The next attack begins with a healthy server, so that earlier damage is not attributed to it.
  if (outcome.harm.length > 0) {
    await world.stop().catch((failure: unknown) => outcome.harm.push(String(failure)));
    world = await startHostileWorld();
  }
  expect(outcome.harm).toEqual([]);
});
