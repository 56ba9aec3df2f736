import { expect, test } from 'vitest';
import { interruption, isInterruption, wasInterrupted } from './interruption.ts';

test.each(['cancelled', 'interrupted: Upgrade "web" failed: unexpected EOF', `${interruption('t1')} here`])(
  'a revision that says "%s" did not fail by itself',
  (description) => {
    expect(isInterruption(description)).toBe(true);
    expect(wasInterrupted('t1', description)).toBe(true);
  },
);

test('a failure, and the interruption of another task, are no interruption of this one', () => {
  expect(isInterruption('Upgrade "web" failed: a hook failed')).toBe(false);
  expect(wasInterrupted('t1', 'Upgrade "web" failed: a hook failed')).toBe(false);
  expect(wasInterrupted('t1', interruption('t2'))).toBe(false);
});
