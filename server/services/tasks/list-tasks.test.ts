import { taskWith } from '../../../test/harness/tasks.ts';
import { expect, test } from 'vitest';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/task.ts';
import { createListTasks } from './list-tasks.ts';

function taskOf(id: string, changes: Partial<Task> = {}): Task {
  return taskWith({ id, createdAt: `2026-01-01T00:00:0${id}.000Z`, ...changes });
}

async function lister(...tasks: Task[]) {
  const store = createMemoryTaskStore();
  for (const task of tasks) await store.create(task);
  return createListTasks({ store });
}

test('tasks are listed newest first, with what they wait for', async () => {
  const list = await lister(taskOf('1', { state: 'running' }), taskOf('2'), taskOf('3', { release: 'api' }));
  expect(list({})).toMatchObject({ num: 3, total: 3, items: [{ id: '3' }, { id: '2', waitsFor: '1' }, { id: '1' }] });
  expect(list({}).items.map(({ waitsFor }) => waitsFor)).toEqual([undefined, '1', undefined]);
});

test('they are chosen by namespace, release and state', async () => {
  const list = await lister(taskOf('1', { state: 'failed' }), taskOf('2'), taskOf('3', { namespace: 'lab' }));
  const ids = (filter: Parameters<typeof list>[0]) => list(filter).items.map(({ id }) => id);
  expect(ids({ namespace: 'shop' })).toEqual(['2', '1']);
  expect(ids({ namespace: 'shop', state: 'failed' })).toEqual(['1']);
  expect(ids({ release: 'nope' })).toEqual([]);
});

test('pages go on where the last one ended', async () => {
  const list = await lister(taskOf('1'), taskOf('2'), taskOf('3'));
  const first = list({ limit: 2 });
  expect(first).toMatchObject({ num: 2, total: 3, items: [{ id: '3' }, { id: '2' }] });
  const second = list({ limit: 2, continue: first.continue ?? '' });
  expect(second).toMatchObject({ num: 1, items: [{ id: '1' }] });
  expect(second.continue).toBeUndefined();
  expect(() => list({ continue: 'nonsense' })).toThrow('continue');
});
