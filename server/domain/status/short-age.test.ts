import { describe, expect, it } from 'vitest';
import { shortAge } from './short-age.ts';

const NOW = Date.parse('2026-11-22T16:00:00Z');

describe('the age of an object', () => {
  it.each([
    ['this moment', '2026-11-22T16:00:00Z', '0s'],
    ['a clock that is a second ahead', '2026-11-22T16:00:01Z', '0s'],
    ['a time to come', '2026-11-22T16:00:05Z', '<invalid>'],
    ['no time at all', '', '<invalid>'],
    ['under a minute', '2026-11-22T15:59:01Z', '59s'],
    ['minutes', '2026-11-22T15:47:30Z', '12m'],
    ['hours', '2026-11-21T17:30:00Z', '22h'],
    ['days', '2026-10-27T15:00:00Z', '26d'],
    ['years', '2024-11-01T00:00:00Z', '2y'],
  ])('since %s is told in its largest unit', (_name, from, age) => {
    expect(shortAge(from, NOW)).toBe(age);
  });
});
