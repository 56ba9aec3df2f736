import { beforeEach, describe, expect, it } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelmRecords } from '../../adapters/memory/helm-records.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { createMemorySharedCache, type MemorySharedCache } from '../../adapters/memory/shared-cache.ts';
import { createMemoryThreads } from '../../adapters/memory/threads.ts';
import { createMaskManifests } from '../../services/history/mask-manifests.ts';
import { perform } from '../../composition/thread-jobs.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import { createEntrySeal } from '../../services/trust/entry-seal.ts';
import { recordId, type RecordMark } from '../../domain/indexes/helm-record-index.ts';
import { createReleaseCopies } from './release-copies.ts';
import { createSharedRecords } from './shared-records.ts';

const KEY = 'demo/web';
const MAKER = '1.0.0 Gi';
const MARK: RecordMark = { revision: 3, status: 'deployed', uid: 'u', resourceVersion: '7' };
const REVISION = recordedRevision({
  revision: 3,
  releaseConfig: releaseConfig({ configValues: { replicas: 2 }, project: 'stack' }),
  manifest: 'kind: Secret\napiVersion: v1\nmetadata: {name: s}\ndata: {key: Y2FuYXJ5}\n',
});
const RECORD = toReleaseRecord(REVISION, { earlier: null, firstWritten: '' });
const seal = createEntrySeal(Buffer.from('key'));

let shared: MemorySharedCache;
let reads: boolean[];
let engineReads: number;

beforeEach(() => {
  shared = createMemorySharedCache();
  reads = [];
  engineReads = 0;
});

const find = (mark = MARK, maker = MAKER) =>
  createSharedRecords({ shared, seal: () => Promise.resolve(seal), maker, onRead: (hit) => reads.push(hit) })(KEY, {
    newest: mark,
    applied: mark,
    id: recordId(mark),
    earlier: '',
  });

/** What the leader would write in place of `stored`. */
async function copy(stored?: string, revision = REVISION) {
  const cache = createMemoryReleaseCache();
  await cache.put(RECORD);
  const records = createMemoryHelmRecords();
  records.write(KEY, MARK.revision, MARK.status, MARK.uid, MARK.resourceVersion);
  const engine = {
    getReleases() {
      engineReads += 1;
      return Promise.resolve([revision]);
    },
  };
  const maskManifests = createMaskManifests(createMemoryThreads(perform));
  const copies = { cache, records, engine, seal: () => Promise.resolve(seal), maskManifests, maker: MAKER };
  return createReleaseCopies(copies)(KEY, stored);
}

async function put(change: (text: string) => string = (text) => text): Promise<void> {
  shared.content('walm-releases').set(KEY, change((await copy()) ?? ''));
}

describe('the copy of a release', () => {
  it('gives back the whole record, and holds no data of Secrets', async () => {
    await put();
    expect(await find()).toEqual(RECORD);
    expect(shared.content('walm-releases').get(KEY)).not.toContain('Y2FuYXJ5');
    expect(reads).toEqual([true]);
  });

  it('is not written again, nor is the cluster asked, where it is right', async () => {
    const right = await copy();
    expect(engineReads).toBe(1);
    expect(await copy(right ?? '')).toBeUndefined();
    expect(engineReads).toBe(1);
    expect(await copy('garbage')).toBe(right);
  });

  it('waits while the record is another one than the one that is known', async () => {
    expect(await copy(undefined, { ...REVISION, updated: '2027-01-01T00:00:00Z' })).toBeUndefined();
  });

  it.each([
    ['another revision', { ...MARK, revision: 4 }],
    ['another status', { ...MARK, status: 'superseded' } satisfies RecordMark],
    ['a record recreated under the same number', { ...MARK, uid: 'other' }],
    ['a record that was edited since', { ...MARK, resourceVersion: '8' }],
  ])('is not taken for %s', async (_name, mark) => {
    await put();
    expect(await find(mark)).toBeNull();
    expect(reads).toEqual([false]);
  });

  it('is not taken from another maker', async () => {
    await put();
    expect(await find(MARK, '2.0.0 Gi')).toBeNull();
  });

  it.each([
    ['garbage', () => 'x'],
    ['a forged value', (text: string) => text.replace('"replicas":2', '"replicas":9')],
    ['an unsigned value', (text: string) => text.replace(/,"signature":"[^"]*"/, '')],
    ['a signed value of no known shape', () => seal.seal(KEY, '{"name":"web","namespace":"demo"}')],
    ['a signed text that is not JSON', () => seal.seal(KEY, '{nonsense}')],
  ])('is ignored when it is %s', async (_name, change) => {
    await put(change);
    expect(await find()).toBeNull();
  });

  it('is not found while the cache is away', async () => {
    await put();
    shared.setUp(false);
    expect(await find()).toBeNull();
  });
});
