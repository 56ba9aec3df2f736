import { beforeEach, expect, test } from 'vitest';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelmRecords, type MemoryHelmRecords } from '../../../adapters/memory/helm-records.ts';
import { createMemoryReleaseCache } from '../../../adapters/memory/release-cache.ts';
import type { RecordMark } from '../../../domain/indexes/helm-record-index.ts';
import { parseReleaseKey, type ReleaseKey } from '../../../domain/names/release-key.ts';
import { toReleaseRecord } from '../../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import { createCurrentReleases } from './current-releases.ts';

let records: MemoryHelmRecords;
let cache: ReleaseCache;
/** Releases whose records were read. */
let read: ReleaseKey[];
/** How often the records of a release change before they are read. */
let changes: number;

const recordOf = (key: ReleaseKey, revision: number) =>
  toReleaseRecord(recordedRevision({ ...parseReleaseKey(key), revision }), { earlier: null, firstWritten: '' });

beforeEach(() => {
  records = createMemoryHelmRecords();
  cache = createMemoryReleaseCache();
  read = [];
  changes = 0;
});

const current = () =>
  createCurrentReleases({
    cache,
    records,
    readRecord(key: ReleaseKey, marks: readonly RecordMark[]) {
      read.push(key);
      changes -= 1;
      return Promise.resolve(changes >= 0 ? null : recordOf(key, marks.at(-1)?.revision ?? 0));
    },
  });
const list = async () => (await current().list('shop')).map(({ key, revision }) => `${key} ${revision}`);

test('they are those that the cluster has, whatever the cache shows; only what it does not show is read', async () => {
  records.write('shop/web', 2, 'deployed');
  records.write('shop/db', 1, 'deployed');
  records.write('shop/kept', 1, 'uninstalled');
  records.write('other/web', 1, 'deployed');
  await Promise.all([cache.put(recordOf('shop/db', 1)), cache.put(recordOf('shop/gone', 1))]);
  await cache.put(recordOf('shop/web', 1));
  expect(await list()).toEqual(['shop/db 1', 'shop/web 2']);
  expect(read).toEqual(['shop/web']);
  expect(await current().get('shop/web')).toMatchObject({ revision: 2 });
  expect(await current().get('shop/gone')).toBeUndefined();
  expect(await current().get('shop/kept')).toBeUndefined();
});

test('records that change between their list and their content are listed again, but not forever', async () => {
  records.write('shop/web', 1, 'deployed');
  changes = 3;
  expect(await list()).toEqual(['shop/web 1']);
  changes = 10;
  await expect(list()).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
});
