import { expect, test } from 'vitest';
import { costGrowth } from './cost-growth.ts';
import { referenceWork } from './processor-cost.ts';

const repeated = (times: number) => () => {
  for (let i = 0; i < times; i += 1) referenceWork();
};

test('four times the work is told from sixteen times the work', () => {
  expect(costGrowth(repeated(10), repeated(40), 10)).toBeLessThan(10);
  expect(costGrowth(repeated(10), repeated(250), 10)).toBeGreaterThan(10);
});

test('one slow measurement does not count, and further pairs are not measured without need', () => {
  let runs = 0;
  const large = () => repeated((runs += 1) <= 3 ? 300 : 30)();
  expect(costGrowth(repeated(10), large, 8)).toBeLessThan(8);
  expect(runs).toBe(6);
});

test('what costs next to nothing does not count as growth', () => {
  expect(costGrowth(() => 1, repeated(1), 3)).toBeLessThan(3);
});
