import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ChartArchiveStore, KeptArchive } from './chart-archive-store.ts';

/** A store, two namespaces of its own, and a function that creates a Helm record made from an archive. */
export type ExaminedArchives = {
  archives: ChartArchiveStore;
  namespaces: [string, string];
  makeRecord: (namespace: string, digest: string) => Promise<void>;
};

/** The contract of every chart archive store. */
export function describeChartArchiveStore(name: string, open: () => Promise<ExaminedArchives>): void {
  describe(`chart archive store: ${name}`, () => {
    let examined: ExaminedArchives;
    let here: string;
    let there: string;

    function archive(bytes: Uint8Array) {
      return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
    }

    const tasksOf = (kept: KeptArchive | null | undefined) => kept?.uses.map(({ task }) => task).toSorted();

    beforeEach(async () => {
      examined = await open();
      [here, there] = examined.namespaces;
    });

    test('gives back the bytes as they were received', async () => {
      const { bytes, digest } = archive(Buffer.from([0, 255, 10, 13, 0]));
      await examined.archives.put(here, { digest, bytes }, 'one', null);
      expect(Buffer.from((await examined.archives.get(here, digest, null))!)).toEqual(bytes);
    });

    test('keeps an archive that no single Secret can hold', async () => {
      const { bytes, digest } = archive(Buffer.alloc(2_000_000, 'walm'));
      await examined.archives.put(here, { digest, bytes }, 'one', null);
      const kept = await examined.archives.get(here, digest, null);
      expect(createHash('sha256').update(kept!).digest('hex')).toBe(digest);
    });

    test('keeping an archive twice is keeping it once', async () => {
      const { bytes, digest } = archive(Buffer.from('twice'));
      await Promise.all([
        examined.archives.put(here, { digest, bytes }, 'one', null),
        examined.archives.put(here, { digest, bytes }, 'two', null),
      ]);
      const listed = (await examined.archives.list(here)).filter((kept) => kept.digest === digest);
      expect(listed).toHaveLength(1);
      expect(tasksOf(listed[0])).toEqual(['one', 'two']);
    });

    test('an archive belongs to its namespace', async () => {
      const { bytes, digest } = archive(Buffer.from('here only'));
      await examined.archives.put(here, { digest, bytes }, 'one', null);
      expect(await examined.archives.get(there, digest, null)).toBeNull();
      expect((await examined.archives.list(there)).map((kept) => kept.digest)).not.toContain(digest);
      const everywhere = (await examined.archives.list()).filter((kept) => kept.digest === digest);
      expect(everywhere.map(({ namespace }) => namespace)).toEqual([here]);
    });

    test('bytes that are not what their digest says are never given out', async () => {
      const { digest } = archive(Buffer.from('the real one'));
      await examined.archives.put(here, { digest, bytes: Buffer.from('something else') }, 'one', null);
      expect(await examined.archives.get(here, digest, null)).toBeNull();
    });

    test('a removed archive is gone, and removing it again does nothing', async () => {
      const { archives } = examined;
      const { bytes, digest } = archive(Buffer.alloc(1_900_000, 'gone'));
      await archives.put(here, { digest, bytes }, 'one', null);
      const found = await archives.find(here, digest, null);
      await archives.remove(found!, null);
      await archives.remove(found!, null);
      expect(await archives.get(here, digest, null)).toBeNull();
      expect(await archives.find(here, digest, null)).toBeNull();
      expect((await archives.list(here)).map((kept) => kept.digest)).not.toContain(digest);
    });

    test('an archive that was used since it was read is not removed, and says for which tasks it was used', async () => {
      const { archives } = examined;
      const { bytes, digest } = archive(Buffer.alloc(1_900_000, 'used'));
      await archives.put(here, { digest, bytes }, 'one', null);
      const [found, listed] = [await archives.find(here, digest, null), await archives.list(here)];
      expect(listed.find((kept) => kept.digest === digest)).toEqual(found);
      await archives.put(here, { digest, bytes }, 'two', null);
      await archives.remove(found!, null);
      expect(await archives.get(here, digest, null)).not.toBeNull();
      const used = await archives.find(here, digest, null);
      expect(tasksOf(used)).toEqual(['one', 'two']);
      await archives.remove(used!, null);
      expect(await archives.find(here, digest, null)).toBeNull();
    });

    test('an archive that was removed and stored again is not the one that was read before', async () => {
      const { archives } = examined;
      const { bytes, digest } = archive(Buffer.from('again'));
      await archives.put(here, { digest, bytes }, 'one', null);
      const found = await archives.find(here, digest, null);
      await archives.remove(found!, null);
      await archives.put(here, { digest, bytes }, 'one', null);
      await archives.remove(found!, null);
      expect(await archives.get(here, digest, null)).not.toBeNull();
    });

    test('of many who store an archive at once each is noted, or it was used by an unknown one', async () => {
      const { archives } = examined;
      const { bytes, digest } = archive(Buffer.from('many'));
      const tasks = Array.from({ length: 30 }, (_, index) => `task-${index}`);
      await Promise.all(tasks.map((task) => archives.put(here, { digest, bytes }, task, null)));
      expect(tasksOf(await archives.find(here, digest, null))).toContain('');
    });

    test('knows which archives a record was made from, by namespace', async () => {
      const { bytes, digest } = archive(Buffer.from('wanted'));
      await examined.archives.put(here, { digest, bytes }, 'one', null);
      expect(await examined.archives.isReferenced(here, digest, null)).toBe(false);
      await examined.makeRecord(here, digest);
      expect(await examined.archives.isReferenced(here, digest, null)).toBe(true);
      expect(await examined.archives.isReferenced(there, digest, null)).toBe(false);
    });
  });
}
