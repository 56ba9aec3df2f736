import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import type { Threads } from '../../ports/runtime/threads.ts';
import { createThreadPool } from './thread-pool.ts';

const module = new URL('../../../test/fixtures/thread-jobs.ts', import.meta.url);
let pool: Threads;
afterEach(() => pool.close());

const open = (jobMs: number) => {
  pool = createThreadPool({ module, threads: 1, jobMs, memoryMiB: 64, clock: systemClock });
};

test('answers what the job made, or is refused with what it says', async () => {
  open(20_000);
  expect(await pool.run({ name: 'echo', input: { text: 'ü' } }, 'a')).toEqual({ text: 'ü' });
  await expect(pool.run({ name: 'refuse', input: null }, 'a')).rejects.toMatchObject({
    code: 'BODY_MALFORMED',
    details: { line: 1 },
  });
  await expect(pool.run({ name: 'break', input: null }, 'a')).rejects.toThrow('a defect');
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

test('bytes that are all of their memory are moved, and parts of others stay', async () => {
  open(20_000);
  const whole = Buffer.from(new ArrayBuffer(100_000));
  expect(await pool.run({ name: 'echo', input: { whole } }, 'a')).toMatchObject({ whole: expect.any(Uint8Array) });
  expect(whole.byteLength).toBe(0);
  const part = Buffer.from(new ArrayBuffer(100_000)).subarray(0, 10);
  expect(await pool.run({ name: 'echo', input: { part } }, 'a')).toEqual({ part: new Uint8Array(10) });
  expect(part.byteLength).toBe(10);
});
