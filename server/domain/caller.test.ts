import { expect, test } from 'vitest';
import { callerOf } from './caller.ts';

test('a user with groups, or without, is a caller', () => {
  expect(callerOf('ann', ['dev', 'system:authenticated'])).toEqual({
    user: 'ann',
    groups: ['dev', 'system:authenticated'],
  });
  expect(callerOf('ann', [])).toEqual({ user: 'ann', groups: [] });
});

test.each([
  ['', []],
  [' ', ['dev']],
  ['system:anonymous', []],
  ['ann', ['']],
  ['ann', ['dev', ' ']],
  ['ann', ['system:unauthenticated']],
])('%j in %j is nobody', (user, groups) => {
  expect(callerOf(user, groups)).toBeNull();
});
