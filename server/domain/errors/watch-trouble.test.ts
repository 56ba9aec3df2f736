import { describe, expect, it } from 'vitest';
import { watchTrouble } from './watch-trouble.ts';

describe('the trouble of a watch', () => {
  it.each([
    [{ heardAt: 0, trouble: null }, 'nothing was heard yet'],
    [{ heardAt: 0, trouble: 'refused' }, 'refused'],
    [{ heardAt: 90_000, trouble: null }, null],
    [{ heardAt: 90_000, trouble: 'cut' }, null],
    [{ heardAt: 50_000, trouble: null }, 'nothing was heard for 50 s'],
    [{ heardAt: 50_000, trouble: 'cut' }, 'nothing was heard for 50 s: cut'],
  ])('of %j is %j', (state, expected) => {
    expect(watchTrouble(state, 100_000)).toBe(expected);
  });
});
