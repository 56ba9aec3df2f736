import { expect, test } from 'vitest';

import { exponentOf, lastDoubling, measureCurve } from './curves.ts';

test.each([
  ['stays', [7, 7, 7, 7], 0],
  ['grows in proportion', [3, 6, 12, 24], 1],
  ['grows by the square', [3, 12, 48, 192], 2],
])('what %s has the exponent of that', (_what, times, exponent) => {
  expect(exponentOf(times)).toBeCloseTo(exponent);
  expect(lastDoubling(times)).toBeCloseTo(2 ** exponent);
});

test('a curve has the median of the processor at each size: something else in one round does not count', async () => {
  let taken = 0;
  let calls = 0;
  const work = (count: number) => Promise.resolve((taken += count + (++calls === 8 ? 1_000 : 0)));
  const { sizes, processor } = await measureCurve({ what: 'work', few: 5, work }, 3, () => taken);
  expect(sizes).toEqual([5, 10, 20, 40]);
  expect(processor).toEqual([5, 10, 20, 40]);
});
