import { expect, test } from 'vitest';
import { turnsUntil } from './event-loop-turns.ts';

test('what has settled takes a turn, however it settled', async () => {
  expect(await turnsUntil(Promise.resolve())).toBe(1);
  expect(await turnsUntil(Promise.reject(new Error('refused')))).toBe(1);
});

test('what waits for other turns takes as many', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wait = (turns: number): void => void (turns === 0 ? resolve() : setImmediate(wait, turns - 1));
  wait(500);
  expect(await turnsUntil(promise)).toBeGreaterThanOrEqual(500);
});
