import { describe, expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { HelmStatus } from '../../domain/revisions/helm-status.ts';
import type { HelmRecords } from './helm-records.ts';

export type HelmRecordsUnderTest = {
  records: HelmRecords;
  /** A release without records. */
  key: ReleaseKey;
  /** Writes the record of a revision, or another status into it. */
  write(revision: number, status: HelmStatus): Promise<void>;
  remove(revision: number): Promise<void>;
};

/** The contract of every adapter of the port. */
export function helmRecordsConformance(name: string, open: () => Promise<HelmRecordsUnderTest>): void {
  describe(`Helm's records by ${name}`, () => {
    test('are read as they are stored at this moment, of a namespace or of one release', async () => {
      const { records, key, write, remove } = await open();
      await records.synced;
      const { namespace, name } = parseReleaseKey(key);
      const stored = async (release?: string) =>
        (await records.read(namespace, release)).get(key)?.map(({ revision, status }) => `${revision} ${status}`);
      expect(await stored()).toBeUndefined();
      await write(2, 'deployed');
      await write(1, 'superseded');
      expect(await stored()).toEqual(['1 superseded', '2 deployed']);
      expect(await stored(name)).toEqual(['1 superseded', '2 deployed']);
      expect(await records.read(namespace, `${name}-2`)).toEqual(new Map());
      expect(await records.read(`${namespace}-2`)).toEqual(new Map());
      await write(2, 'failed');
      expect(await stored()).toEqual(['1 superseded', '2 failed']);
      await Promise.all([remove(1), remove(2)]);
      expect(await stored()).toBeUndefined();
      await eventually(() => expect(records.keys()).not.toContain(key), { everyMs: 20 });
    });

    test('are identified by revision and status, and listeners receive each change', async () => {
      const { records, key, write, remove } = await open();
      await records.synced;
      const shown = () => records.revisions(key).map(({ revision, status }) => `${revision} ${status}`);
      const notified: string[][] = [];
      const stop = records.subscribe((changed) => changed === key && notified.push(shown()));
      const seen = (wanted: string[]) => eventually(() => expect(shown()).toEqual(wanted), { everyMs: 20 });

      expect(records.latest(key)).toBeUndefined();
      expect(records.keys()).not.toContain(key);
      await write(2, 'deployed');
      await write(1, 'superseded');
      await seen(['1 superseded', '2 deployed']);
      expect(records.latest(key)).toMatchObject({ revision: 2, status: 'deployed' });
      expect(records.keys()).toContain(key);
      const [before] = records.revisions(key).slice(-1);
      await write(2, 'failed');
      await seen(['1 superseded', '2 failed']);
      expect(records.latest(key)).toMatchObject({ uid: before?.uid });
      expect(records.latest(key)?.resourceVersion).not.toBe(before?.resourceVersion);
      await remove(2);
      await seen(['1 superseded']);
      expect(notified).toEqual(
        expect.arrayContaining([['2 deployed'], ['1 superseded', '2 deployed'], ['1 superseded', '2 failed']]),
      );
      stop();
      const until = notified.length;
      await remove(1);
      await seen([]);
      expect(records.keys()).not.toContain(key);
      expect(notified).toHaveLength(until);
    });
  });
}
