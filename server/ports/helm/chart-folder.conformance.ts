import { createHash } from 'node:crypto';
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

    test('takes in what comes piece by piece, and has it once it is kept', async () => {
      const folder = open();
      const pieces = async function* () {
        yield Buffer.from('an ');
        yield await Promise.resolve(Buffer.from('archive'));
      };
      const digest = createHash('sha256').update('an archive').digest('hex');
      const first = await folder.receive(pieces());
      expect([first.digest, await folder.has(digest)]).toEqual([digest, false]);
      await first.discard();
      expect(await folder.has(digest)).toBe(false);
      const second = await folder.receive(pieces());
      await second.keep();
      await second.discard();
      expect(Buffer.from((await folder.read(digest)) ?? []).toString()).toBe('an archive');
    });

    test('rejects with what the bytes fail with', async () => {
      const broken = async function* () {
        yield Buffer.from('an ');
        throw await Promise.resolve(new Error('the client went away'));
      };
      await expect(open().receive(broken())).rejects.toThrow('the client went away');
    });

    test('forgets an archive that is removed, and does not miss one that is gone', async () => {
      const folder = open();
      await folder.write(DIGEST, Buffer.from('no chart'));
      await folder.remove(DIGEST);
      await folder.remove(DIGEST);
      expect(await folder.has(DIGEST)).toBe(false);
    });
  });
}
