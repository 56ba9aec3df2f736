import { expect, test } from 'vitest';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createEndedTasks } from './ended-tasks.ts';

const createdAt = '2026-01-01T00:00:00.000Z';
const queued = taskWith({ id: 'a', createdAt, state: 'queued' });
const succeeded = taskWith({ id: 'a', createdAt, state: 'succeeded' });

test('what has ended does not begin again, neither in its Secret nor in another one of its name', () => {
  const ended = createEndedTasks();
  expect(ended.whyPutBack({ task: queued, version: 1 })).toBeNull();
  expect(ended.whyPutBack({ task: succeeded, version: 3 })).toBeNull();
  for (const state of ['queued', 'running'] as const) {
    expect(ended.whyPutBack({ task: { ...queued, state }, version: 4 })).toContain('has ended before');
  }
  expect(ended.whyPutBack({ task: succeeded, version: 5 })).toBeNull();
});

test('a state that a watch tells late, and another request of the same name, are no such thing', () => {
  const ended = createEndedTasks();
  ended.whyPutBack({ task: succeeded, version: 3 });
  expect(ended.whyPutBack({ task: queued, version: 2 })).toBeNull();
  expect(ended.whyPutBack({ task: { ...queued, createdAt: '2026-01-02T00:00:00.000Z' }, version: 9 })).toBeNull();
});

test.each([
  ['2026-01-01T00:00:01Z', null],
  ['2025-12-31T12:00:00Z', null],
  ['2026-01-01T00:59:00Z', null],
  ['2026-01-01T01:00:01Z', true],
])('a Secret that was made at %s is put back: %s', (madeAt, reason) => {
  const why = createEndedTasks().whyPutBack({ task: queued, version: 1, madeAt });
  expect(why?.includes('put back') ?? null).toBe(reason);
  expect(createEndedTasks().whyPutBack({ task: succeeded, version: 1, madeAt })).toBeNull();
});

test('what it remembers is bounded', () => {
  const ended = createEndedTasks();
  for (let id = 0; id <= 20_000; id += 1) ended.whyPutBack({ task: { ...succeeded, id: `${id}` }, version: 1 });
  expect(ended.whyPutBack({ task: { ...queued, id: '0' }, version: 2 })).toBeNull();
  expect(ended.whyPutBack({ task: { ...queued, id: '1' }, version: 2 })).not.toBeNull();
});

test('a process that has seen nothing end goes by what the Secret says, as its seal does', () => {
  const [before, after] = [createEndedTasks(), createEndedTasks()];
  before.whyPutBack({ task: succeeded, version: 3 });
  expect(before.whyPutBack({ task: queued, version: 4 })).not.toBeNull();
  expect(after.whyPutBack({ task: queued, version: 4, madeAt: createdAt })).toBeNull();
});
