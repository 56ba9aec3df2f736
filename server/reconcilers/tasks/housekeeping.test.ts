import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { createHousekeeping } from './housekeeping.ts';

test('only the leader removes finished tasks, and only when they are old', async () => {
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  const at = new Date(clock.now()).toISOString();
  const task: Task = taskWith({ id: 'done', state: 'succeeded', attempt: 1, createdAt: at, finishedAt: at });
  await store.create(task);
  await store.create({ ...task, id: 'waits', state: 'queued' });
  let leading = false;
  let collected = 0;
  const housekeeping = createHousekeeping({
    store,
    leadership: { isLeader: () => leading },
    collectArchives: () => Promise.resolve(void (collected += 1)),
    clock,
    retentionMs: 120_000,
    onTrouble: (error) => {
      throw error;
    },
  });
  const stopping = new AbortController();
  const ended = housekeeping.run(stopping.signal);
  const ids = () => store.all().map((stored) => stored.task.id);

  await clock.advance(180_000);
  expect([ids(), collected]).toEqual([['done', 'waits'], 0]);
  leading = true;
  await clock.advance(60_000);
  expect([ids(), collected]).toEqual([['waits'], 1]);
  stopping.abort();
  await ended;
});
