import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { threadsConformance } from '../../ports/runtime/threads.conformance.ts';
import type { Threads } from '../../ports/runtime/threads.ts';
import { createThreadPool } from './thread-pool.ts';

const module = new URL('../../../test/fixtures/thread-jobs.ts', import.meta.url);
let pool: Threads;
afterEach(() => pool.close());

const open = (jobMs: number) => {
  pool = createThreadPool({ module, threads: 1, jobMs, memoryMiB: 64, clock: systemClock });
};

threadsConformance('a pool', () => {
  open(20_000);
  return pool;
});

test('a job that never ends is ended, and the next one runs', async () => {
  open(3_000);
  await expect(pool.run({ name: 'loop', input: null }, 'a')).rejects.toMatchObject({ code: 'BODY_TOO_COMPLEX' });
  expect(await pool.run({ name: 'echo', input: 1 }, 'b')).toBe(1);
});

test('a job that takes all memory is ended alone', async () => {
  open(20_000);
  await expect(pool.run({ name: 'fill', input: null }, 'a')).rejects.toMatchObject({ code: 'BODY_TOO_COMPLEX' });
  expect(await pool.run({ name: 'echo', input: 1 }, 'b')).toBe(1);
});
