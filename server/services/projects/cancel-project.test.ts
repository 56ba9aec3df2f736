import { expect, test } from 'vitest';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createCancelProject } from './cancel-project.ts';

test('cancels the parts that are not finished, and waits for those that do not stop no longer than a minute', async () => {
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  await store.create(taskWith({ id: 'p-0', state: 'running' }));
  await store.create(taskWith({ id: 'p-1', state: 'succeeded' }));
  await store.create(taskWith({ id: 'other', state: 'running' }));
  const cancelled: string[] = [];
  const cancelProject = createCancelProject({
    store,
    cancelTask: (id, _caller, signal) => {
      cancelled.push(id);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('it goes on')));
      });
    },
    clock,
  });
  const cancelling = cancelProject(taskWith({ id: 'p' }));
  await clock.advance(60_000);
  expect(await cancelling).toEqual({ releaseTasks: ['p-0'] });
  expect(cancelled).toEqual(['p-0']);
});

test('is not done while a part could not be asked to stop, and is where one was faster', async () => {
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  await store.create(taskWith({ id: 'p-0', state: 'running' }));
  const answer = (code: 'CLUSTER_UNREACHABLE' | 'TASK_FINISHED') =>
    createCancelProject({ store, cancelTask: () => Promise.reject(problem(code, 'no')), clock })(taskWith({ id: 'p' }));
  await expect(answer('CLUSTER_UNREACHABLE')).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  expect(await answer('TASK_FINISHED')).toEqual({ releaseTasks: ['p-0'] });
});

test('cancels what was begun a moment ago, which the view does not show yet', async () => {
  const store = createMemoryTaskStore();
  const step = (release: string, after: string[] = []) => ({ release, after, order: { kind: 'pause' as const } });
  const steps = [step('db'), step('cache'), step('web', ['db']), step('late', ['web'])];
  const whole = taskWith({ id: 'p', order: { kind: 'pauseProject', steps } });
  await store.create(taskWith({ id: 'p-1', state: 'succeeded' }));
  await store.create(taskWith({ id: 'p-3', state: 'queued' }));
  const cancelled: string[] = [];
  const cancelProject = createCancelProject({
    store: { find: store.find, unfinished: () => [] },
    cancelTask: (id) => {
      cancelled.push(id);
      return Promise.reject(problem('TASK_FINISHED', 'it ended'));
    },
    clock: createManualClock(),
  });
  expect(await cancelProject(whole)).toEqual({ releaseTasks: ['p-3'] });
  expect(cancelled).toEqual(['p-3']);
});
