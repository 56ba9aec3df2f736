import { beforeEach, expect, test } from 'vitest';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { Task, TaskOrder } from '../../domain/tasks/task.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { derivedTask } from './derived-task.ts';
import { createAwaitCacheCatchUp } from './await-cache-catch-up.ts';

let clock: ManualClock;
let cache: ReleaseCache;

beforeEach(() => {
  clock = createManualClock();
  cache = createMemoryReleaseCache();
});

/** Starts to wait for the effect of a task; returns whether the wait is over. */
function wait(kind: TaskOrder['kind'], changes: Partial<Task> = {}): () => boolean {
  const about = { id: 't', namespace: 'demo', release: 'web', order: { kind } as TaskOrder, caller: null };
  let over = false;
  const task: Task = {
    ...derivedTask(clock, { ...about, requestId: 't' }),
    state: 'succeeded',
    revision: 2,
    ...changes,
  };
  void createAwaitCacheCatchUp({ cache, clock })(task).then(() => (over = true));
  return () => over;
}

async function write(revision: number, status: HelmRelease['status'] = 'deployed') {
  const recorded = recordedRevision({ name: 'web', namespace: 'demo', revision, objects: [], status });
  await cache.put(toReleaseRecord(recorded, { earlier: null, firstWritten: '' }));
  await clock.advance(0);
}

test('the wait ends with the revision that the task wrote, as it ended', async () => {
  await write(1);
  const isOver = wait('upgrade');
  await write(2, 'pending-upgrade');
  expect(isOver()).toBe(false);
  await write(2);
  expect(isOver()).toBe(true);
});

test('after a delete it ends when the release is gone', async () => {
  await write(1);
  const isOver = wait('delete');
  await clock.advance(0);
  expect(isOver()).toBe(false);
  await cache.remove('demo/web');
  await clock.advance(0);
  expect(isOver()).toBe(true);
});

test('it ends after two seconds, and at once when the task failed', async () => {
  const isOver = wait('upgrade');
  const ofFailed = wait('upgrade', { state: 'failed' });
  await clock.advance(1_999);
  expect([isOver(), ofFailed()]).toEqual([false, true]);
  await clock.advance(1);
  expect(isOver()).toBe(true);
});
