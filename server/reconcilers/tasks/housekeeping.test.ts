import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createHousekeeping } from './housekeeping.ts';

test('only the leader removes finished tasks, and only when they are old', async () => {
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  const at = new Date(clock.now()).toISOString();
  const task: Task = taskWith({ id: 'done', state: 'succeeded', attempt: 1, createdAt: at, finishedAt: at });
  await store.create(task);
  await store.create({ ...task, id: 'waits', state: 'queued' });
  // Nothing else records why the last change of a release failed.
  const cache = createMemoryReleaseCache();
  const revision = recordedRevision({ namespace: 'shop', name: 'web', updated: at });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: at }));
  const failed: Task = { ...task, id: 'told', order: orderOf('upgrade'), state: 'failed' };
  await store.create({ ...failed, id: 'before' });
  await store.create(failed);
  await store.create({ ...failed, id: 'gone', release: 'gone' });
  // The cache does not show this one yet.
  const current = createMemoryReleaseCache();
  await current.put(toReleaseRecord({ ...revision, name: 'new' }, { earlier: null, firstWritten: at }));
  await store.create({ ...failed, id: 'unseen', release: 'new' });
  const project = taskWith({ id: 'mall', release: '', project: 'mall', order: orderOf('applyProject') });
  await store.create({ ...project, state: 'running' });
  await store.create({ ...task, id: 'mall-1' });
  let leading = false;
  let collected = 0;
  const housekeeping = createHousekeeping({
    store,
    cache,
    current,
    leadership: { isLeader: () => leading },
    collectArchives: () => Promise.resolve(void (collected += 1)),
    clock,
    retentionMs: 120_000,
    onError: (error) => {
      throw error;
    },
  });
  const stopping = new AbortController();
  const ended = housekeeping.run(stopping.signal);
  const ids = () => store.all().map((stored) => stored.task.id);

  await clock.advance(180_000);
  expect([ids(), collected]).toEqual([['before', 'done', 'gone', 'mall', 'mall-1', 'told', 'unseen', 'waits'], 0]);
  leading = true;
  await clock.advance(60_000);
  expect([ids(), collected]).toEqual([['mall', 'mall-1', 'told', 'unseen', 'waits'], 1]);
  stopping.abort();
  await ended;
});
