import { expect, it } from 'vitest';
import { createFacetCounter } from './count-facets.ts';

it('shows the most frequent values, and how many others there are', () => {
  const counter = createFacetCounter();
  for (let i = 0; i < 1_000; i++) counter.add(`value-${i}`);
  for (let i = 0; i < 3; i++) counter.add('often');
  const { values, more } = counter.counted();
  expect(values).toHaveLength(100);
  expect(values[0]).toEqual({ value: 'often', count: 3 });
  expect(values[1]).toEqual({ value: 'value-0', count: 1 });
  expect(more).toBe(901);
});

it('is empty at first', () => {
  expect(createFacetCounter().counted()).toEqual({ values: [], more: 0 });
});
