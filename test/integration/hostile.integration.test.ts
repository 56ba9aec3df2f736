import { afterAll, beforeAll, expect, test } from 'vitest';

import { type HostileWorld, startHostileWorld } from '../hostile/hostile-world.ts';
import { shown } from '../hostile/judge.ts';
import { listAttacks } from '../hostile/list-attacks.ts';
import { tryAttack } from '../hostile/try-attack.ts';

/** A sample of what `make test-hostile` does: the attacks that are fast and representative. */
const sample = (await listAttacks()).filter((attack) => attack.sample === true);

let world: HostileWorld;
beforeAll(async () => {
  world = await startHostileWorld();
});
afterAll(() => world.stop());

test.each(sample)('nobody is hurt by one who $name', async (attack) => {
  const { harm, figures } = await tryAttack(world, attack, { quietMs: 1_500, attackMs: 3_000 });
  expect(harm, figures.map(shown).join('\n')).toEqual([]);
});
