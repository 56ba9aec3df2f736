import { beforeEach, expect, test } from 'vitest';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createMemoryChartArchives } from '../../adapters/memory/chart-archives.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createCollectArchives, YOUNG_ARCHIVE_MS } from './collect-archives.ts';

let clock: ManualClock;
let store: ReturnType<typeof createMemoryTaskStore>;
let archives: ReturnType<typeof createMemoryChartArchives>;
/** Archives that a stored revision names, by digest. */
let recorded: string[];
/** The identity to impersonate in each namespace; undefined is none. */
let actor: Caller | null | undefined;
let forbidden: boolean;

beforeEach(async () => {
  clock = createManualClock();
  store = createMemoryTaskStore();
  [recorded, actor, forbidden] = [[], null, false];
  archives = createMemoryChartArchives({ clock, isReferenced: (_, digest) => recorded.includes(digest) });
  for (const [namespace, digest] of [
    ['shop', 'a'],
    ['shop', 'b'],
    ['walm-system', 'c'],
  ] as const) {
    await archives.put(namespace, digest, Buffer.from(digest), null);
  }
  await clock.advance(YOUNG_ARCHIVE_MS);
});

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
  return (await archives.list()).map(({ digest }) => digest);
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
  await archives.put('shop', 'young', Buffer.from('young'), null);
  await clock.advance(YOUNG_ARCHIVE_MS - 1);
  expect(await collect()).toEqual(['young']);
});

test('beside releases it stays where nobody may remove it, but not in the namespace of Walm', async () => {
  actor = undefined;
  expect(await collect()).toEqual(['a', 'b']);
  [actor, forbidden] = [null, true];
  expect(await collect()).toEqual(['a', 'b']);
});
