import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { StoredTask, TaskStore } from '../../ports/storage/task-store.ts';
import { createWaitForTask } from './wait-for-task.ts';

const task: Task = taskWith({ state: 'running', attempt: 1 });
const here = new AbortController().signal;
let clock: ManualClock;
let store: TaskStore;
let stored: StoredTask;

beforeEach(async () => {
  clock = createManualClock();
  store = createMemoryTaskStore();
  stored = (await store.create(task))!;
});

test('resolves when the task is finished, not when it merely changes', async () => {
  const waiting = createWaitForTask({ store, clock })(stored, 1000, here);
  const changed = await store.update(stored, { ...task, revision: 2 });
  await store.update(changed, { ...task, state: 'succeeded' });
  expect((await waiting).state).toBe('succeeded');
});

test('resolves at once when the task was finished before anybody waited', async () => {
  await store.update(stored, { ...task, state: 'failed' });
  expect((await createWaitForTask({ store, clock })(stored, 1000, here)).state).toBe('failed');
});

test("ends with the original's text and what it waits for when the time is over, and the task carries on", async () => {
  const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-0' };
  const waiting = createWaitForTask({ store, clock })(stored, 1000, here);
  const refused = expect(waiting).rejects.toMatchObject({
    code: 'TIMEOUT_REACHED',
    message: 'Timeout reached, and task a goes on: Pod web-0 is Pending',
    object,
    details: { task: 'a', progress: { message: 'Pod web-0 is Pending' } },
  });
  store.report('a', { phase: 'wait', message: 'Pod web-0 is Pending', object });
  await clock.advance(1000);
  await refused;
  expect(store.latestOf('shop/web')?.state).toBe('running');
});

test('ends when the caller goes', async () => {
  const leaving = new AbortController();
  const waiting = createWaitForTask({ store, clock })(stored, 1000, leaving.signal);
  leaving.abort(new Error('hung up'));
  await expect(waiting).rejects.toThrow('hung up');
});
