import { describe, expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { RolloutMarks } from './rollout-marks.ts';

/** The contract of every adapter of the port. `open` returns the marks and the key of an existing release. */
export function rolloutMarksConformance(
  name: string,
  open: () => Promise<{ marks: RolloutMarks; key: ReleaseKey }>,
): void {
  describe(`rollout marks by ${name}`, () => {
    test('tell of the revision that was marked last, and of no other', async () => {
      const { marks, key } = await open();
      expect(marks.isDone(key, 1)).toBe(false);
      await marks.markDone(key, 1);
      await eventually(() => expect(marks.isDone(key, 1)).toBe(true), { everyMs: 20 });
      await marks.markDone(key, 2);
      await eventually(() => expect(marks.isDone(key, 2)).toBe(true), { everyMs: 20 });
      expect(marks.isDone(key, 1)).toBe(false);
    });

    test('of a release that does not exist are none', async () => {
      const { marks } = await open();
      await expect(marks.markDone('nowhere/nothing', 1)).resolves.toBeUndefined();
    });
  });
}
