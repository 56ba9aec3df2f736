import { describe, expect, it } from 'vitest';
import { watchProblem } from './watch-problem.ts';

describe('the problem of a watch', () => {
  it.each([
    [{ heardAt: 0, problem: null }, 'nothing was heard yet'],
    [{ heardAt: 0, problem: 'refused' }, 'refused'],
    [{ heardAt: 90_000, problem: null }, null],
    [{ heardAt: 90_000, problem: 'cut' }, null],
    [{ heardAt: 50_000, problem: null }, 'nothing was heard for 50 s'],
    [{ heardAt: 50_000, problem: 'cut' }, 'nothing was heard for 50 s: cut'],
  ])('of %j is %j', (state, expected) => {
    expect(watchProblem(state, 100_000)).toBe(expected);
  });
});
