import { beforeEach, expect, test } from 'vitest';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createMemoryChartArchives } from '../../adapters/memory/chart-archives.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { YOUNG_ARCHIVE_MS } from '../../domain/charts/archive-uses.ts';
import { createCollectArchives, createDropArchive } from './collect-archives.ts';

let clock: ManualClock;
let store: ReturnType<typeof createMemoryTaskStore>;
let archives: ReturnType<typeof createMemoryChartArchives>;
/** Archives that a stored revision names, by digest. */
let recorded: string[];
/** The identity to impersonate in each namespace; undefined is none. */
let actor: Caller | null | undefined;
let forbidden: boolean;
/** What happens while it is found out whether a revision names an archive. */
let meanwhile: () => Promise<void>;

const archiveOf = (digest: string) => ({ digest, bytes: Buffer.from(digest) });

beforeEach(async () => {
  clock = createManualClock();
  store = createMemoryTaskStore();
  [recorded, actor, forbidden] = [[], null, false];
  meanwhile = () => Promise.resolve();
  const memory = createMemoryChartArchives({ clock, isReferenced: (_, digest) => recorded.includes(digest) });
  archives = {
    ...memory,
    async isReferenced(...given) {
      const found = await memory.isReferenced(...given);
      await meanwhile();
      return found;
    },
  };
  for (const [namespace, digest] of [
    ['shop', 'a'],
    ['shop', 'b'],
    ['walm-system', 'c'],
  ] as const) {
    await archives.put(namespace, archiveOf(digest), 'before', null);
  }
  await clock.advance(YOUNG_ARCHIVE_MS);
});

const digests = async () => (await archives.list()).map(({ digest }) => digest);

async function collect(namespace?: string): Promise<string[]> {
  const collectArchives = createCollectArchives({
    archives: {
      ...archives,
      remove: (...given) => (forbidden ? Promise.reject(problem('FORBIDDEN', 'no')) : archives.remove(...given)),
    },
    stagingNamespace: 'walm-system',
    store,
    clock,
    actorIn: () => Promise.resolve(actor),
  });
  await collectArchives(namespace);
  return digests();
}

async function drop(digest: string, task: string): Promise<string[]> {
  const dropArchive = createDropArchive({ archives, stagingNamespace: 'walm-system', store, clock });
  await dropArchive('shop', digest, { task, as: null });
  return digests();
}

test('what nothing refers to goes, where it was asked to look', async () => {
  expect(await collect('shop')).toEqual(['c']);
  expect(await collect()).toEqual([]);
});

test('what a revision or a task that has not ended refers to stays', async () => {
  recorded = ['a'];
  const { origin } = orderOf('install');
  await store.create({ ...taskWith(), order: { ...orderOf('install'), origin: { ...origin, digest: 'b' } } });
  expect(await collect()).toEqual(['a', 'b']);
});

test('what is young stays: the task that needs it comes after it', async () => {
  await archives.put('shop', archiveOf('young'), 'before', null);
  await clock.advance(YOUNG_ARCHIVE_MS - 1);
  expect(await collect()).toEqual(['young']);
});

test('beside releases it stays where nobody may remove it, but not in the namespace of Walm', async () => {
  actor = undefined;
  expect(await collect()).toEqual(['a', 'b']);
  [actor, forbidden] = [null, true];
  expect(await collect()).toEqual(['a', 'b']);
});

test('what is used again while this process stands still stays', async () => {
  meanwhile = () => archives.put('shop', archiveOf('a'), 'later', null);
  expect(await collect('shop')).toEqual(['a', 'c']);
  await clock.advance(YOUNG_ARCHIVE_MS);
  expect(await drop('a', 'ending')).toEqual(['a', 'c']);
});

test('the age of an archive counts from its last use', async () => {
  await archives.put('shop', archiveOf('a'), 'later', null);
  expect(await collect('shop')).toEqual(['a', 'c']);
  await clock.advance(YOUNG_ARCHIVE_MS);
  expect(await collect('shop')).toEqual(['c']);
});

test('a task drops what it has used itself, or tasks that have ended, and nothing that others may still need', async () => {
  await archives.put('shop', archiveOf('a'), 'own', null);
  await archives.put('shop', archiveOf('a'), 'ended', null);
  await archives.put('shop', archiveOf('a'), 'unheard-of', null);
  await store.create(taskWith({ id: 'ended', state: 'failed' }));
  expect(await drop('a', 'own')).toContain('a');
  await store.create(taskWith({ id: 'unheard-of', state: 'queued' }));
  expect(await drop('a', 'own')).toContain('a');
  await store.remove('unheard-of');
  await store.create(taskWith({ id: 'unheard-of', state: 'succeeded' }));
  expect(await drop('a', 'own')).not.toContain('a');
  expect(await drop('none', 'own')).toEqual(['b', 'c']);
});
