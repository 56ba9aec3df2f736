import { expect, test } from 'vitest';

import { median, p95, throughput } from './sample.ts';

test('median and 95th percentile are values of the sample', () => {
  const sample = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(median(sample)).toBe(50);
  expect(p95(sample)).toBe(95);
  expect(median([7])).toBe(7);
});

test('throughput makes every call once and never more at a time than asked', async () => {
  const seen: number[] = [];
  let running = 0;
  let max = 0;
  const rate = await throughput(10, 3, async (i) => {
    running += 1;
    max = Math.max(max, running);
    await Promise.resolve();
    seen.push(i);
    running -= 1;
  });
  expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(max).toBe(3);
  expect(rate).toBeGreaterThan(0);
});
