import { expect, test } from 'vitest';

import { runSeed } from './run/run-seed.ts';

test('a seed repeats every step, whatever ran before it, and another one has others', async () => {
  const first = await runSeed(7);
  const other = await runSeed(8);
  const again = await runSeed(7);
  expect(again.trace.lines()).toEqual(first.trace.lines());
  expect(again.trace.digest()).toBe(first.trace.digest());
  expect(other.trace.digest()).not.toBe(first.trace.digest());
  expect(first.events).toBeGreaterThan(1_000);
});
