import { afterAll, beforeAll, expect, test } from 'vitest';

import { play } from '../tenant/play.ts';
import { startTenantWorld, type TenantWorld } from '../tenant/tenant-world.ts';

/** A sample of what `make test-tenant` does; another one with `SEED=7`. */
const seed = Number(process.env['SEED'] || 4711);

let world: TenantWorld;
beforeAll(async () => {
  world = await startTenantWorld();
});
afterAll(() => world.stop());

test('a tenant who plays at random for half a minute harms no other user', async () => {
  const { moves, harm } = await play(world, seed, AbortSignal.timeout(30_000));
  expect(moves.length).toBeGreaterThan(20);
  expect(harm, `seed ${seed}`).toEqual([]);
});
