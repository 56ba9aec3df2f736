import { expect, it } from 'vitest';
import { readTime } from './read-time.ts';

it.each([
  [undefined, undefined],
  ['2026-03-01T12:00:00Z', Date.parse('2026-03-01T12:00:00Z')],
  ['2026-03-01T13:00:00.5+01:00', Date.parse('2026-03-01T12:00:00.5Z')],
  ['2026-03-01T13:00:00 01:00', Date.parse('2026-03-01T12:00:00Z')],
])('%j is read', (text, ms) => {
  expect(readTime('since', text)).toBe(ms);
});

it.each(['', '2026', '2026-13-01T00:00:00Z', 'yesterday', '1'.repeat(100_000), '2026-03-01T12:00:00'])(
  'what is not a time is refused',
  (text) => {
    expect(() => readTime('since', text)).toThrow(/^since ".{0,50}" is not a time such as /);
  },
);
