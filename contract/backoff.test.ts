import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const backoff = { initialMs: 250, maxMs: 8_000 };

test('a pause is doubled with each failure, up to the maximum', () => {
  expect([1, 2, 3, 6, 7, 5_000].map((failures) => backoffMs(failures, backoff))).toEqual([
    250, 500, 1_000, 8_000, 8_000, 8_000,
  ]);
});

test('at random it is between half of that and all of it', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), random, (failures, number) => {
      const whole = backoffMs(failures, backoff);
      const pause = backoffMs(failures, backoff, () => number);
      expect(pause).toBeGreaterThanOrEqual(whole / 2);
      expect(pause).toBeLessThanOrEqual(whole);
    }),
  );
});
