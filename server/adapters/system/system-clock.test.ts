import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { clockConformance } from '../../ports/runtime/clock.conformance.ts';
import { systemClock } from './system-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DAY = 86_400_000;

test.each([0, 1, 2 ** 31 - 1, 2 ** 31, 60 * DAY])('what is due after %d ms runs then, once', (delay) => {
  const runs: number[] = [];
  const start = Date.now();
  systemClock.after(delay, () => runs.push(Date.now() - start));
  vi.advanceTimersByTime(Math.max(0, delay - 1));
  expect(runs).toEqual(delay === 0 ? [0] : []);
  vi.advanceTimersByTime(100 * DAY);
  expect(runs).toEqual([delay]);
});

test('a timer of any length can be called off', () => {
  const runs: number[] = [];
  const cancel = systemClock.after(60 * DAY, () => runs.push(1));
  vi.advanceTimersByTime(30 * DAY);
  cancel();
  vi.advanceTimersByTime(100 * DAY);
  expect(runs).toEqual([]);
});

clockConformance('system', () => ({
  clock: systemClock,
  async pass(ms) {
    await vi.advanceTimersByTimeAsync(ms);
  },
}));
