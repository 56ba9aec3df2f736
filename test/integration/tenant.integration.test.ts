import { afterAll, beforeAll, expect, test } from 'vitest';

import { play } from '../tenant/play.ts';
import { startTenantWorld, type TenantWorld } from '../tenant/tenant-world.ts';

/** A sample of what `make test-tenant` does; another one with `SEED=7`. */
const seed = Number(process.env['SEED'] || 4711);

/** Half a minute of moves, the last of which may wait for as long, and a minute for what honest people do afterwards. */
const TIMEOUT_MS = 300_000;

let world: TenantWorld;
beforeAll(async () => {
  world = await startTenantWorld();
});
afterAll(() => world.stop());

test('nobody is hurt by a tenant who plays at random for half a minute', { timeout: TIMEOUT_MS }, async () => {
  const { moves, harm } = await play(world, seed, AbortSignal.timeout(30_000));
  expect(moves.length).toBeGreaterThan(20);
  expect(harm, `seed ${seed}`).toEqual([]);
});
