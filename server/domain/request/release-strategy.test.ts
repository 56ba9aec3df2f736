import { expect, test } from 'vitest';
import { mergeStrategy } from './release-strategy.ts';

test('the one of the request counts, and an empty one goes back to the chart', () => {
  expect(mergeStrategy(null, undefined)).toBeNull();
  expect(mergeStrategy({ maxSurge: 1 }, undefined)).toEqual({ maxSurge: 1 });
  expect(mergeStrategy({ maxSurge: 1 }, { type: 'Recreate' })).toEqual({ type: 'Recreate' });
  expect(mergeStrategy({ maxSurge: 1 }, {})).toBeNull();
  expect(mergeStrategy(null, { maxSurge: 0, maxUnavailable: '25%' })).toEqual({ maxSurge: 0, maxUnavailable: '25%' });
});

test.each([
  [{ type: 'Recreate', maxSurge: 1 }, 'Recreate has neither'],
  [{ maxSurge: 0, maxUnavailable: '0%' }, 'cannot both be 0'],
] as const)('refuses %j', (strategy, reason) => {
  expect(() => mergeStrategy(null, strategy)).toThrow(reason);
});
