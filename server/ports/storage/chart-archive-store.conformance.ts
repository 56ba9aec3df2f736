import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ChartArchiveStore } from './chart-archive-store.ts';

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

    beforeEach(async () => {
      examined = await open();
      [here, there] = examined.namespaces;
    });

    test('gives back the bytes as they were received', async () => {
      const { bytes, digest } = archive(Buffer.from([0, 255, 10, 13, 0]));
      await examined.archives.put(here, digest, bytes, null);
      expect(Buffer.from((await examined.archives.get(here, digest, null))!)).toEqual(bytes);
    });

    test('keeps an archive that no single Secret can hold', async () => {
      const { bytes, digest } = archive(Buffer.alloc(2_000_000, 'walm'));
      await examined.archives.put(here, digest, bytes, null);
      const kept = await examined.archives.get(here, digest, null);
      expect(createHash('sha256').update(kept!).digest('hex')).toBe(digest);
    });

    test('keeping an archive twice is keeping it once', async () => {
      const { bytes, digest } = archive(Buffer.from('twice'));
      await Promise.all([
        examined.archives.put(here, digest, bytes, null),
        examined.archives.put(here, digest, bytes, null),
      ]);
      const listed = (await examined.archives.list(here)).filter((kept) => kept.digest === digest);
      expect(listed).toHaveLength(1);
      expect(Date.parse(listed[0]!.keptAt)).toBeGreaterThan(0);
    });

    test('an archive belongs to its namespace', async () => {
      const { bytes, digest } = archive(Buffer.from('here only'));
      await examined.archives.put(here, digest, bytes, null);
      expect(await examined.archives.get(there, digest, null)).toBeNull();
      expect((await examined.archives.list(there)).map((kept) => kept.digest)).not.toContain(digest);
      const everywhere = (await examined.archives.list()).filter((kept) => kept.digest === digest);
      expect(everywhere.map(({ namespace }) => namespace)).toEqual([here]);
    });

    test('bytes that are not what their digest says are never given out', async () => {
      const { digest } = archive(Buffer.from('the real one'));
      await examined.archives.put(here, digest, Buffer.from('something else'), null);
      expect(await examined.archives.get(here, digest, null)).toBeNull();
    });

    test('a removed archive is gone, and removing it again does nothing', async () => {
      const { bytes, digest } = archive(Buffer.alloc(1_900_000, 'gone'));
      await examined.archives.put(here, digest, bytes, null);
      await examined.archives.remove(here, digest, null);
      await examined.archives.remove(here, digest, null);
      expect(await examined.archives.get(here, digest, null)).toBeNull();
      expect((await examined.archives.list(here)).map((kept) => kept.digest)).not.toContain(digest);
    });

    test('knows which archives a record was made from, by namespace', async () => {
      const { bytes, digest } = archive(Buffer.from('wanted'));
      await examined.archives.put(here, digest, bytes, null);
      expect(await examined.archives.isReferenced(here, digest, null)).toBe(false);
      await examined.makeRecord(here, digest);
      expect(await examined.archives.isReferenced(here, digest, null)).toBe(true);
      expect(await examined.archives.isReferenced(there, digest, null)).toBe(false);
    });
  });
}
