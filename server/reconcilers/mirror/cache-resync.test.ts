import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createMemoryHelmRecords } from '../../adapters/memory/helm-records.ts';
import { createMemoryLead } from '../../adapters/memory/leadership.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { createMemorySharedCache, type MemorySharedCache } from '../../adapters/memory/shared-cache.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { SharedHash } from '../../ports/storage/shared-cache.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import { type CacheResync, createCacheResync } from './cache-resync.ts';
import { createMirrorSource } from './mirror-source.ts';

const RESYNC_MS = 300_000;

let clock: ManualClock;
let shared: MemorySharedCache;
let cache: ReleaseCache;
let tasks: TaskStore;
let lead: Leadership;
let stop: AbortController;
let running: Promise<unknown>;
let resync: CacheResync;
let problems: unknown[];
let written: (number | null)[];
let unreadable: Set<string>;
/** The lease has expired, and no listener was called yet. */
let hasExpired: boolean;

beforeEach(() => {
  clock = createManualClock();
  shared = createMemorySharedCache();
  cache = createMemoryReleaseCache();
  tasks = createMemoryTaskStore();
  stop = new AbortController();
  problems = [];
  written = [];
  unreadable = new Set();
  hasExpired = false;
  lead = createMemoryLead().contender();
  const source = createMirrorSource({
    cache,
    records: createMemoryHelmRecords(),
    tasks,
    clock,
    async releaseCopy(key) {
      if (unreadable.has(key)) throw new Error(`${key} cannot be read`);
      const record = await cache.get(key);
      return record === undefined ? null : `revision ${record.revision}`;
    },
  });
  resync = createCacheResync({
    shared,
    source,
    complete: Promise.resolve(),
    leadership: { isLeader: () => !hasExpired && lead.isLeader(), subscribe: (listener) => lead.subscribe(listener) },
    clock,
    resyncMs: RESYNC_MS,
    onError: (error) => problems.push(error),
    onWritten: (seconds) => written.push(seconds),
  });
});

afterEach(async () => {
  stop.abort();
  await clock.advance(0);
  await running;
});

/** Everything that is due has been written when this resolves. */
async function settle(ms = 1_000): Promise<void> {
  await clock.advance(ms);
  for (let round = 0; round < 20; round += 1) await clock.advance(0);
}

async function start(): Promise<void> {
  void lead.run(stop.signal);
  running = resync.run(stop.signal);
  await settle();
}

async function put(name: string, revision: number, project = ''): Promise<void> {
  const config = releaseConfig({ project });
  const release = recordedRevision({ name, revision, releaseConfig: config });
  await cache.put(toReleaseRecord(release, { earlier: null, firstWritten: '' }));
}

const content = (hash: SharedHash) => Object.fromEntries(shared.content(hash));

describe('the shared cache', () => {
  it('gets what exists at the start, and loses what does not', async () => {
    shared.content('walm-releases').set('demo/gone', 'old');
    shared.content('walm-project-tasks').set('no key at all', '{}');
    await put('web', 1, 'stack');
    await start();
    expect(content('walm-releases')).toEqual({ 'demo/web': 'revision 1' });
    expect(Object.keys(content('walm-release-tasks'))).toEqual(['demo/web']);
    expect(Object.keys(content('walm-project-tasks'))).toEqual(['demo/stack']);
    expect(written.every((seconds) => seconds === null)).toBe(true);
    expect(resync.pending()).toBe(0);
  });

  it('is left to the next leader by one that wakes after its lease', async () => {
    await put('web', 1);
    await start();
    await put('web', 2);
    hasExpired = true;
    await settle(RESYNC_MS);
    expect(content('walm-releases')).toEqual({ 'demo/web': 'revision 1' });
    expect(problems).toEqual([]);
  });

  it('follows every change of a release at once', async () => {
    await start();
    await put('web', 1, 'stack');
    await settle(0);
    expect(content('walm-releases')).toEqual({ 'demo/web': 'revision 1' });
    await put('web', 2, 'stack');
    await settle(0);
    expect(content('walm-releases')).toEqual({ 'demo/web': 'revision 2' });
    await cache.remove('demo/web');
    await settle(0);
    expect([content('walm-releases'), content('walm-release-tasks'), content('walm-project-tasks')]).toEqual([
      {},
      {},
      {},
    ]);
    expect(written).not.toContain(null);
  });

  it('shows a failed first install for a while, and a running one', async () => {
    await start();
    const stored = await tasks.create(taskWith({ state: 'running' }));
    await settle(0);
    expect(content('walm-release-tasks')['shop/web']).toContain('"state":"running"');
    if (stored === null) throw new Error('the task was not kept');
    const finishedAt = new Date(clock.now()).toISOString();
    await tasks.update(stored, taskWith({ state: 'failed', finishedAt }));
    await settle(0);
    expect(content('walm-release-tasks')['shop/web']).toContain('"state":"failed"');
    await settle(2 * RESYNC_MS);
    expect(content('walm-release-tasks')).toEqual({});
  });

  it('is repaired by the next comparison of everything', async () => {
    await put('web', 1);
    await put('api', 4);
    await start();
    const right = content('walm-releases');
    shared.content('walm-releases').delete('demo/web');
    shared.content('walm-releases').set('demo/api', 'garbage').set('demo/more', 'x');
    await settle(1_000);
    expect(content('walm-releases')).not.toEqual(right);
    await settle(RESYNC_MS);
    expect(content('walm-releases')).toEqual(right);
  });

  it('is right again soon after an outage, whatever was lost and changed in it', async () => {
    await put('web', 1);
    await start();
    shared.setUp(false);
    await put('web', 2);
    await settle();
    shared.content('walm-releases').clear();
    shared.setUp(true);
    await settle(0);
    expect(content('walm-releases')).toEqual({ 'demo/web': 'revision 2' });
    expect(problems).toEqual([]);
  });

  it('misses nothing but the one release that cannot be read, and gets that later', async () => {
    unreadable.add('demo/web');
    await put('web', 1);
    await put('api', 1);
    await start();
    expect(content('walm-releases')).toEqual({ 'demo/api': 'revision 1' });
    expect(problems).toHaveLength(1);
    unreadable.clear();
    await settle(6_000);
    expect(content('walm-releases')).toEqual({ 'demo/api': 'revision 1', 'demo/web': 'revision 1' });
  });

  it('is left alone by a replica that does not lead', async () => {
    running = resync.run(stop.signal);
    await settle();
    await put('web', 1);
    await settle(RESYNC_MS);
    expect(content('walm-releases')).toEqual({});
  });
});
