import { expect, test } from 'vitest';

import { createSeededRandom } from './seeded-random.ts';

const numbers = (seed: number): number[] => {
  const random = createSeededRandom(seed);
  return Array.from({ length: 1_000 }, () => random.between(1, 6));
};

test('a seed repeats its choices, and another one makes others', () => {
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});

test('every choice comes, and none that was not asked for', () => {
  expect(new Set(numbers(7))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});
