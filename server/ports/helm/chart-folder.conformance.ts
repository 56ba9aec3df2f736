import { describe, expect, test } from 'vitest';
import type { ChartFolder } from './chart-folder.ts';

const [DIGEST, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];

/** The contract of every adapter of the port; `open` returns an empty folder. */
export function chartFolderConformance(name: string, open: () => ChartFolder): void {
  describe(`the chart folder: ${name}`, () => {
    test('gives back the bytes of an archive, and nothing where there is none', async () => {
      const folder = open();
      expect(await folder.has(DIGEST)).toBe(false);
      expect(await folder.read(DIGEST)).toBeNull();
      await folder.write(DIGEST, Buffer.from('an archive'));
      expect(await folder.has(DIGEST)).toBe(true);
      expect(Buffer.from((await folder.read(DIGEST)) ?? []).toString()).toBe('an archive');
      expect(await folder.has(OTHER)).toBe(false);
    });

    test('takes one that is there already again, also from several at once', async () => {
      const folder = open();
      await Promise.all([1, 2, 3].map(() => folder.write(DIGEST, Buffer.from('the same'))));
      expect(Buffer.from((await folder.read(DIGEST)) ?? []).toString()).toBe('the same');
    });

    test('keeps the bytes as they were when they were written', async () => {
      const folder = open();
      const bytes = Buffer.from('an archive');
      await folder.write(DIGEST, bytes);
      bytes.fill(0);
      expect(Buffer.from((await folder.read(DIGEST)) ?? []).toString()).toBe('an archive');
    });
  });
}
