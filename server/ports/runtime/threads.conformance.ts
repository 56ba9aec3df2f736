import { describe, expect, test } from 'vitest';
import type { Threads } from './threads.ts';

/**
 * The contract of every adapter of the port; `open` returns threads for the jobs `echo`, which returns its input,
 * `refuse`, which is refused with BODY_MALFORMED and the details `{line: 1}`, and `break`, which has a defect.
 */
export function threadsConformance(name: string, open: () => Threads): void {
  describe(`threads: ${name}`, () => {
    test('answer what the job made, a copy of what it was given', async () => {
      const threads = open();
      const input = { text: 'ü', list: [1, null] };
      const answer = await threads.run({ name: 'echo', input }, 'a');
      expect(answer).toEqual(input);
      expect(answer).not.toBe(input);
      expect(threads.waiting()).toBe(0);
      await threads.close();
    });

    test('refuse with what the job says, and fail where it has a defect', async () => {
      const threads = open();
      await expect(threads.run({ name: 'refuse', input: null }, 'a')).rejects.toMatchObject({
        name: 'ProblemError',
        code: 'BODY_MALFORMED',
        details: { line: 1 },
      });
      await expect(threads.run({ name: 'break', input: null }, 'a')).rejects.toThrow('a defect');
      await threads.close();
    });

    test('take bytes that are all of their memory, and copy parts of others', async () => {
      const threads = open();
      const whole = Buffer.from(new ArrayBuffer(100_000));
      const moved = await threads.run({ name: 'echo', input: { whole } }, 'a');
      expect(moved).toEqual({ whole: new Uint8Array(100_000) });
      expect(whole.byteLength).toBe(0);
      const part = Buffer.from(new ArrayBuffer(100_000)).subarray(0, 10);
      expect(await threads.run({ name: 'echo', input: { part } }, 'a')).toEqual({ part: new Uint8Array(10) });
      expect(part.byteLength).toBe(10);
      await threads.close();
    });
  });
}
