import { expect, test } from 'vitest';
import { cancellation, endedLock, interruption, isInterruption, isOfAttempt, wasInterrupted } from './interruption.ts';

test.each(['cancelled', 'interrupted: Upgrade "web" failed: unexpected EOF', `${interruption('t1')} here`])(
  'a revision that says "%s" did not fail by itself',
  (description) => {
    expect(isInterruption(description)).toBe(true);
    expect(wasInterrupted('t1', description)).toBe(true);
  },
);

test('a failure, and the interruption of another task, do not interrupt this one', () => {
  expect(isInterruption('Upgrade "web" failed: a hook failed')).toBe(false);
  expect(wasInterrupted('t1', 'Upgrade "web" failed: a hook failed')).toBe(false);
  expect(wasInterrupted('t1', interruption('t2'))).toBe(false);
});

test.each([
  cancellation('t1'),
  endedLock({ status: 'pending-upgrade', since: '2026-01-01T00:00:00Z' }, 'taken for dead'),
  interruption('t1'),
  'Upgrade "web" failed: a hook failed',
])('"%s" describes an attempt that was never applied', (description) => {
  expect(isOfAttempt(description)).toBe(true);
});

test('an attempt that was cancelled, or of another client, was not interrupted: it is not retried', () => {
  expect(isInterruption(cancellation('t1'))).toBe(false);
  expect(isInterruption(endedLock({ status: 'uninstalling', since: '' }, 'ended by force'))).toBe(false);
  expect(isOfAttempt('Upgrade complete')).toBe(false);
});
