import { describe, expect, test } from 'vitest';
import type { Clock } from './clock.ts';

export type ClockUnderTest = {
  clock: Clock;
  /** Lets time pass, and runs what becomes due. */
  pass(ms: number): Promise<void>;
};

/** The contract of every adapter of the port. */
export function clockConformance(name: string, open: () => ClockUnderTest): void {
  describe(`clock: ${name}`, () => {
    test('runs what is due, once each, in the order of its time', async () => {
      const { clock, pass } = open();
      const start = clock.now();
      const ran: string[] = [];
      clock.after(20, () => ran.push(`later at ${clock.now() - start}`));
      clock.after(10, () => ran.push(`sooner at ${clock.now() - start}`));
      clock.after(0, () => clock.after(15, () => ran.push(`in between at ${clock.now() - start}`)));
      expect(ran).toEqual([]);
      await pass(5);
      expect(ran).toEqual([]);
      await pass(100);
      expect(ran).toEqual(['sooner at 10', 'in between at 15', 'later at 20']);
      expect(clock.now() - start).toBe(105);
    });

    test('does not run what was called off, also by what is due before', async () => {
      const { clock, pass } = open();
      const ran: string[] = [];
      const cancel = clock.after(10, () => ran.push('called off'));
      clock.after(5, cancel);
      clock.after(10, () => ran.push('kept'));
      await pass(50);
      expect(ran).toEqual(['kept']);
      expect(cancel).not.toThrow();
    });
  });
}
