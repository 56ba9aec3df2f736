import { expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { DeleteProjectOrder, Task } from '../../domain/tasks/task.ts';
import { createRunProject } from './run-project.ts';

const clock = createManualClock();
const removals = [{ release: 'web', after: [] }];

/** The task of the release `web` that the task of its project makes. */
async function partOf(changes: Partial<Task<DeleteProjectOrder>>): Promise<Task | undefined> {
  const store = createMemoryTaskStore();
  const run = createRunProject({ cache: createMemoryReleaseCache(), store, clock });
  const task: Task<DeleteProjectOrder> = {
    id: 'p',
    namespace: 'shop',
    release: '',
    project: 'mall',
    state: 'running',
    attempt: 1,
    caller: null,
    requestId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: { kind: 'deleteProject', deletePvcs: false, removals },
    ...changes,
  };
  const save = () => Promise.resolve(task);
  await run(task, { signal: new AbortController().signal, report: () => undefined, save });
  return (await store.find('p-1'))?.task;
}

test('the tasks of the releases have the options of the whole', async () => {
  expect(await partOf({})).not.toHaveProperty('operationTimeoutMs');
  expect(await partOf({})).not.toHaveProperty('force');
  expect(await partOf({ operationTimeoutMs: 5000, force: true })).toMatchObject({
    operationTimeoutMs: 5000,
    force: true,
  });
  const order: DeleteProjectOrder = { kind: 'deleteProject', deletePvcs: true, keepHistory: true, removals };
  expect((await partOf({ order }))?.order).toEqual({
    kind: 'delete',
    deletePvcs: true,
    ignoreNotFound: true,
    keepHistory: true,
  });
});
