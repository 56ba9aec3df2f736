import { expect, test } from 'vitest';
import { createManualClock } from '../memory/manual-clock.ts';
import { startComputingDeadline } from './computing-deadline.ts';

/** Work that gets a share of a processor, from 0 to 1; returns after how many milliseconds it is late. */
async function lateAfter(share: number): Promise<number> {
  const clock = createManualClock();
  const begunAt = clock.now();
  let lateAt = Number.POSITIVE_INFINITY;
  const computedMs = (): number => 7_000 + (clock.now() - begunAt) * share;
  startComputingDeadline({ clock, computedMs, limitMs: 5_000 }, () => (lateAt = clock.now()));
  await clock.advance(60_000);
  return lateAt - begunAt;
}

test('who has a processor alone is late when the limit is over', async () => {
  expect(await lateAfter(1)).toBe(5_000);
});

test('who waits for a processor half of the time has twice as long', async () => {
  const ms = await lateAfter(0.5);
  expect(ms).toBeGreaterThanOrEqual(10_000);
  expect(ms).toBeLessThan(10_200);
});

test('who gets none is late all the same in the end', async () => {
  const ms = await lateAfter(0);
  expect(ms).toBeGreaterThanOrEqual(30_000);
  expect(ms).toBeLessThan(36_000);
});

test('what is called off is never late', async () => {
  const clock = createManualClock();
  let isLate = false;
  const stop = startComputingDeadline({ clock, computedMs: () => clock.now(), limitMs: 100 }, () => (isLate = true));
  stop();
  await clock.advance(1_000);
  expect(isLate).toBe(false);
});
