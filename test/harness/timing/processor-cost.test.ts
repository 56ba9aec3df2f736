import { expect, test } from 'vitest';
import { firstCost, processorCost, referenceWork } from './processor-cost.ts';

const repeated = (times: number) => () => {
  for (let i = 0; i < times; i += 1) referenceWork();
};

test('the unit is what the work of reference takes', () => {
  expect(processorCost(repeated(20))).toBeGreaterThan(4);
  expect(processorCost(repeated(20))).toBeLessThan(100);
});

test('ten times the work costs about ten times as much', () => {
  const growth = processorCost(repeated(100)) / processorCost(repeated(10));
  expect(growth).toBeGreaterThan(2);
  expect(growth).toBeLessThan(50);
});

test('the first cost is that of one run', () => {
  let runs = 0;
  const cost = firstCost(() => {
    runs += 1;
    repeated(30)();
  });
  expect(runs).toBe(1);
  expect(cost).toBeGreaterThan(6);
});
