import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { expect, test } from 'vitest';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { VisibleNamespaces } from '../access/visible-namespaces.ts';
import { createListTasks, type TaskFilter } from './list-tasks.ts';

function taskOf(id: string, changes: Partial<Task> = {}): Task {
  return taskWith({ id, createdAt: `2026-01-01T00:00:0${id}.000Z`, ...changes });
}

async function lister(...tasks: Task[]) {
  const store = createMemoryTaskStore();
  for (const task of tasks) await store.create(task);
  const list = createListTasks({ store });
  return (filter: TaskFilter, visible: VisibleNamespaces | null = null) => list(filter, visible);
}

test('tasks are listed newest first, with what they wait for', async () => {
  const list = await lister(taskOf('1', { state: 'running' }), taskOf('2'), taskOf('3', { release: 'api' }));
  expect(await list({})).toMatchObject({
    num: 3,
    total: 3,
    items: [{ id: '3' }, { id: '2', waitsFor: '1' }, { id: '1' }],
  });
  expect((await list({})).items.map(({ waitsFor }) => waitsFor)).toEqual([undefined, '1', undefined]);
});

test('they are chosen by namespace, release and state', async () => {
  const list = await lister(taskOf('1', { state: 'failed' }), taskOf('2'), taskOf('3', { namespace: 'lab' }));
  const ids = async (filter: TaskFilter) => (await list(filter)).items.map(({ id }) => id);
  expect(await ids({ namespace: 'shop' })).toEqual(['2', '1']);
  expect(await ids({ namespace: 'shop', state: 'failed' })).toEqual(['1']);
  expect(await ids({ release: 'nope' })).toEqual([]);
});

test('they are chosen by operation, project, time and text', async () => {
  const member = { ...orderOf('install'), membership: { project: 'mall', commonValues: {} } };
  const list = await lister(
    taskOf('1', { order: member, release: 'db' }),
    taskOf('2', { order: orderOf('upgrade') }),
    taskOf('3', { order: orderOf('deleteProject'), project: 'mall', release: '' }),
  );
  const ids = async (filter: TaskFilter) => (await list(filter)).items.map(({ id }) => id);
  expect(await ids({ operation: 'upgrade' })).toEqual(['2']);
  expect(await ids({ project: 'mall' })).toEqual(['3', '1']);
  expect(await ids({ sinceMs: Date.parse('2026-01-01T00:00:02Z') })).toEqual(['3', '2']);
  expect(await ids({ untilMs: Date.parse('2026-01-01T00:00:02Z') })).toEqual(['1']);
  expect(await ids({ text: 'MALL', sort: 'createdAt' })).toEqual(['1', '3']);
});

test('pages go on where the last one ended', async () => {
  const list = await lister(taskOf('1'), taskOf('2'), taskOf('3'));
  const first = await list({ limit: 2 });
  expect(first).toMatchObject({ num: 2, total: 3, items: [{ id: '3' }, { id: '2' }] });
  const second = await list({ limit: 2, continue: first.continue ?? '' });
  expect(second).toMatchObject({ num: 1, items: [{ id: '1' }] });
  expect(second.continue).toBeUndefined();
  await expect(list({ continue: 'nonsense' })).rejects.toThrow('continue');
});

test('those of namespaces that are not seen are left out, also of the total', async () => {
  const list = await lister(taskOf('1'), taskOf('2', { namespace: 'lab' }));
  const visible = {
    isEverything: () => Promise.resolve(false),
    sees: (namespace: string) => Promise.resolve(namespace === 'lab'),
  };
  expect(await list({}, visible)).toMatchObject({ num: 1, total: 1, items: [{ id: '2' }] });
});
