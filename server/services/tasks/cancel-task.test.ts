import { beforeEach, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { TaskConflict, type TaskStore } from '../../ports/storage/task-store.ts';
import { createCancelTask } from './cancel-task.ts';

const ann = person('ann');
let store: TaskStore;
/** What a running task becomes while its cancellation is waited for. */
let ends: Partial<Task>;

beforeEach(() => {
  store = createMemoryTaskStore();
  ends = { state: 'cancelled' };
});

function cancel(id: string, over: Partial<TaskStore> = {}) {
  const cancelTask = createCancelTask({
    store: { ...store, ...over },
    waitForTask: ({ task }) => Promise.resolve({ ...task, ...ends }),
    clock: createManualClock(),
  });
  return cancelTask(id, ann, new AbortController().signal);
}

const taskNow = async (id: string) => (await store.find(id))?.task;

test('a task that is queued never starts', async () => {
  await store.create(taskWith({ id: 'a' }));
  expect(await cancel('a')).toMatchObject({ id: 'a', state: 'cancelled' });
  expect(await taskNow('a')).toMatchObject({
    state: 'cancelled',
    finishedAt: expect.any(String),
    error: { code: 'CANCELLED' },
  });
});

test('a task that runs is told durably who wants it to stop, once, and waited for', async () => {
  await store.create(taskWith({ id: 'a', state: 'running' }));
  expect(await cancel('a')).toMatchObject({ state: 'cancelled' });
  expect(await taskNow('a')).toMatchObject({ state: 'running', cancelRequest: { by: 'ann' } });
  const before = await store.find('a');
  await cancel('a');
  expect(await store.find('a')).toEqual(before);
});

test('one that is not there, has ended, or was faster, is refused', async () => {
  await expect(cancel('none')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  await store.create(taskWith({ id: 'done', state: 'succeeded' }));
  await expect(cancel('done')).rejects.toMatchObject({ code: 'TASK_FINISHED', details: { state: 'succeeded' } });
  await store.create(taskWith({ id: 'fast', state: 'running' }));
  ends = { state: 'succeeded' };
  await expect(cancel('fast')).rejects.toMatchObject({ code: 'TASK_FINISHED' });
});

test('one that was started at this very moment is looked at again', async () => {
  await store.create(taskWith({ id: 'a' }));
  let lost = false;
  const update: TaskStore['update'] = async (stored, task) => {
    if (lost) return store.update(stored, task);
    lost = true;
    await store.update(stored, { ...stored.task, state: 'running' });
    throw new TaskConflict('a');
  };
  expect(await cancel('a', { update })).toMatchObject({ state: 'cancelled' });
  expect(await taskNow('a')).toMatchObject({ state: 'running', cancelRequest: { by: 'ann' } });
});
