import { expect, test } from 'vitest';
import { machineSlowness } from './machine-slowness.ts';

test('a machine is as fast as a fast one, or slower', async () => {
  const slowness = await machineSlowness();
  expect(slowness).toBeGreaterThanOrEqual(1);
  expect(Number.isFinite(slowness)).toBe(true);
});
