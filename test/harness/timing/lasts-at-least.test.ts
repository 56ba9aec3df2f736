import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lastsAtLeast } from './lasts-at-least.ts';

test('what lasts long enough answers, and what is over too soon is refused', async () => {
  expect(await lastsAtLeast(20, () => pause(30, 'done'))).toBe('done');
  await expect(lastsAtLeast(60_000, () => Promise.resolve())).rejects.toThrow('lasts 60000 at least');
  await expect(lastsAtLeast(0, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
});
