import { expect, test } from 'vitest';
import { asQuickAsBefore } from './as-quick-as-before.ts';

/** The result if calls take 10 ms while it is quiet, and the given times in each measurement after that. */
async function told(...later: number[]): Promise<boolean> {
  let calls = 0;
  let now = 0;
  const takes = [10, 10, ...later];
  const call = async (): Promise<void> => {
    now += takes[Math.min(Math.floor(calls / 50), takes.length - 1)] ?? 0;
    calls += 1;
  };
  const isAsQuick = await asQuickAsBefore(call, { now: () => now });
  return isAsQuick();
}

test('what takes about as long as before is as quick', async () => {
  expect(await told(10)).toBe(true);
  expect(await told(60)).toBe(true);
});

test('what was slow once or twice is measured again', async () => {
  expect(await told(500, 500, 12)).toBe(true);
});

test('what stays slow is slow', async () => {
  expect(await told(500)).toBe(false);
});
