import { afterAll, beforeAll, expect, test } from 'vitest';

import { play } from './play.ts';
import { startTenantWorld, type TenantWorld } from './tenant-world.ts';

/** `MINUTES=5` says for how long, `SEED=7` repeats the choices of a game. */
const minutes = Number(process.env['MINUTES'] || 5);
const seed = Number(process.env['SEED'] || Date.now() % 1_000_000);

let world: TenantWorld;
beforeAll(async () => {
  world = await startTenantWorld();
});
afterAll(() => world.stop());

test(`nobody is hurt by a tenant who plays at random for ${minutes} minutes`, async () => {
  console.log(`seed ${seed}`);
  const { moves, answers, harm } = await play(world, seed, AbortSignal.timeout(minutes * 60_000));
  const counted = [...answers].map(([what, count]) => `  ${count} ${what}`).toSorted();
  console.log([`${moves.length} moves`, ...counted].join('\n'));
  expect(harm).toEqual([]);
});
