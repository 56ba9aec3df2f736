import { beforeEach, describe, expect, test } from 'vitest';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage } from '../../../test/harness/fakes/release-stage.ts';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import { FinalProblem } from '../../domain/errors/too-many-attempts.ts';
import type { CreateProjectOrder, DeleteProjectOrder, Task } from '../../domain/tasks/task.ts';
import { createRunProject } from './run-project.ts';

const clock = createManualClock();
const removals = [{ release: 'web', after: [] }];

/** The task that the project task creates for the release `web`. */
async function partOf(changes: Partial<Task<DeleteProjectOrder>>): Promise<Task | undefined> {
  const store = createMemoryTaskStore();
  const run = createRunProject({ current: createMemoryReleaseCache(), store, clock });
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

test('the releases to be deleted are those that the cluster has, each after its dependents', async () => {
  const { current, release, tasks: store } = createReleaseStage();
  await release({ name: 'db', releaseConfig: releaseConfig({ project: 'mall' }) });
  await release({ name: 'web', releaseConfig: releaseConfig({ project: 'mall', dependencies: { db: 'db' } }) });
  await release({ name: 'other', releaseConfig: releaseConfig({}) });
  const run = createRunProject({ current, store, clock });
  const task = taskWith({ id: 'p', namespace: 'shop', release: '', project: 'mall', state: 'running' });
  const order: DeleteProjectOrder = { kind: 'deleteProject', deletePvcs: false };
  const saved: Partial<Task>[] = [];
  const save = (changes: Partial<Task>) => Promise.resolve({ ...task, ...saved.at(saved.push(changes) - 1) });
  await run({ ...task, order }, { signal: new AbortController().signal, report: () => undefined, save });
  expect(saved).toMatchObject([
    {
      order: {
        removals: [
          { release: 'db', after: ['web'] },
          { release: 'web', after: [] },
        ],
      },
    },
  ]);
  expect(store.all().map((one) => one.task.release)).toEqual(['web']);
});

describe('the install of a project', () => {
  const installs = [
    { release: 'db', after: [], order: orderOf('install') },
    { release: 'web', after: ['db'], order: orderOf('install') },
  ];
  const task = {
    ...taskWith({ id: 'p', namespace: 'shop', release: '', project: 'mall', state: 'running' }),
    order: { kind: 'createProject', installs } satisfies CreateProjectOrder,
  };
  let store: ReturnType<typeof createMemoryTaskStore>;

  /** One run of the project task by a process that remembers nothing. */
  async function runOnce() {
    const run = createRunProject({ current: createMemoryReleaseCache(), store, clock });
    const save = () => Promise.resolve(task);
    return run(task, { signal: new AbortController().signal, report: () => undefined, save });
  }

  /** The end of the task of one of its releases. */
  async function end(id: string, changes: Partial<Task>): Promise<void> {
    const stored = await store.find(id);
    if (stored === null) throw new Error(`there is no task ${id}`);
    await store.update(stored, { ...stored.task, ...changes });
  }

  beforeEach(() => {
    store = createMemoryTaskStore();
  });

  test('makes a task for each release, once those that it depends on are there, and none twice', async () => {
    expect(await runOnce()).toMatchObject({ recheckMs: expect.any(Number) });
    await runOnce();
    expect(store.all().map((one) => one.task.release)).toEqual(['db']);
    await end('p-1', { state: 'succeeded', warnings: [{ code: 'TEST', message: 'careful' }] });
    await runOnce();
    expect(store.all().map((one) => one.task.release)).toEqual(['db', 'web']);
    await end('p-2', { state: 'succeeded' });
    expect(await runOnce()).toEqual({ warnings: [{ code: 'TEST', message: 'release db: careful' }] });
  });

  test('fails with the first release that does, and leaves the others unmade', async () => {
    await runOnce();
    await end('p-1', { state: 'failed', error: { code: 'HOOK_FAILED', message: 'no', details: {} } });
    await expect(runOnce()).rejects.toMatchObject({ code: 'HOOK_FAILED', details: { release: 'db' } });
    expect(store.all()).toHaveLength(1);
  });

  test('ends with a release that was given up because it was interrupted too often', async () => {
    await runOnce();
    await end('p-1', { state: 'failed', error: { code: 'ENGINE_STOPPED', message: 'given up', details: {} } });
    await expect(runOnce()).rejects.toBeInstanceOf(FinalProblem);
  });
});
