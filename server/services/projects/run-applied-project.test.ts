import { beforeEach, describe, expect, test } from 'vitest';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../../adapters/memory/task-store.ts';
import type { ApplyProjectOrder, Task } from '../../domain/tasks/task.ts';
import { createCancelProject } from './cancel-project.ts';
import { createRunAppliedProject } from './run-applied-project.ts';

const clock = createManualClock();
const steps = [
  { release: 'db', after: [], seen: 0, order: orderOf('install') },
  { release: 'web', after: ['db'], seen: 4, order: orderOf('upgrade') },
  { release: 'old', after: ['db', 'web'], seen: 2, order: orderOf('delete') },
];
let store: ReturnType<typeof createMemoryTaskStore>;
const problem = { code: 'HOOK_FAILED', message: 'no', details: {} };

beforeEach(() => {
  store = createMemoryTaskStore();
});

function taskOf(given: Partial<ApplyProjectOrder> = {}): Task<ApplyProjectOrder> {
  return {
    ...taskWith({ id: 'p', namespace: 'shop', release: '', project: 'mall', state: 'running' }),
    order: { kind: 'applyProject', steps, onFailure: 'stop', guarded: false, ...given },
  };
}

/** One run of the project task by a process that remembers nothing. */
async function runOnce(given: Partial<ApplyProjectOrder> = {}) {
  const task = taskOf(given);
  const run = createRunAppliedProject({ store, clock });
  const save = () => Promise.resolve(task);
  return run(task, { signal: new AbortController().signal, report: () => undefined, save });
}

/** The end of the task of one step. */
async function end(id: string, changes: Partial<Task>): Promise<void> {
  const stored = await store.find(id);
  if (stored === null) throw new Error(`there is no task ${id}`);
  await store.update(stored, { ...stored.task, ...changes });
}

const made = () => store.all().map(({ task }) => [task.id, task.release, task.order.kind]);

describe('an applied project', () => {
  test('makes a task for each step, once those before it are done, and none twice', async () => {
    await runOnce();
    await runOnce();
    expect(made()).toEqual([['p-1', 'db', 'install']]);
    await end('p-1', { state: 'succeeded', revision: 1 });
    await runOnce();
    expect(made()).toEqual([
      ['p-1', 'db', 'install'],
      ['p-2', 'web', 'upgrade'],
    ]);
    await end('p-2', { state: 'succeeded', revision: 5, warnings: [{ code: 'TEST', message: 'careful' }] });
    await runOnce();
    await end('p-3', { state: 'succeeded', revision: 2 });
    expect(await runOnce()).toEqual({ warnings: [{ code: 'TEST', message: 'release web: careful' }] });
  });

  test('goes on as soon as a step has ended, without looking again and again', async () => {
    const result = await runOnce();
    if (!('sooner' in result)) throw new Error('it does not wait');
    let woken = 0;
    const stop = result.sooner?.(() => (woken += 1));
    await end('p-1', { state: 'running' });
    expect(woken).toBe(0);
    await store.create(taskWith({ id: 'other', state: 'succeeded' }));
    expect(woken).toBe(0);
    await end('p-1', { state: 'succeeded' });
    expect(woken).toBe(1);
    stop?.();
  });

  test('of 30 releases in five levels begins a level when the one before has ended, with no time lost', async () => {
    const levels = 5;
    const many = Array.from({ length: 30 }, (_, i) => {
      const after = i < levels + 1 ? [] : [`r${i - levels - 1}`];
      return { release: `r${i}`, after, seen: 0, order: orderOf('install') };
    });
    let runs = 0;
    let result = await runOnce({ steps: many });
    const started = clock.now();
    while ('sooner' in result) {
      runs += 1;
      const open = store.unfinished();
      expect(open.length).toBeGreaterThan(0);
      let woken = false;
      const stop = result.sooner?.(() => (woken = true));
      for (const { task } of open) await end(task.id, { state: 'succeeded', revision: 1 });
      expect(woken).toBe(true);
      stop?.();
      result = await runOnce({ steps: many });
    }
    expect(store.all()).toHaveLength(many.length);
    expect(runs).toBe(levels);
    expect(clock.now()).toBe(started);
  });

  test('changes only the revisions that its plan has seen, if that plan was asked for', async () => {
    await runOnce();
    await end('p-1', { state: 'succeeded' });
    await runOnce();
    expect((await store.find('p-2'))?.task).not.toHaveProperty('expectedRevision');
    store = createMemoryTaskStore();
    await runOnce({ guarded: true });
    expect((await store.find('p-1'))?.task).not.toHaveProperty('expectedRevision');
    await end('p-1', { state: 'succeeded' });
    await runOnce({ guarded: true });
    expect((await store.find('p-2'))?.task).toMatchObject({ expectedRevision: 4 });
  });

  test('says of each step how far it got when one fails', async () => {
    await runOnce();
    await end('p-1', { state: 'succeeded', revision: 1 });
    await runOnce();
    await end('p-2', { state: 'failed', revision: 5, error: problem });
    await expect(runOnce()).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      message: 'release web: no',
      details: {
        release: 'web',
        steps: [
          { release: 'db', action: 'install', state: 'done', task: 'p-1', revision: 1 },
          { release: 'web', action: 'upgrade', state: 'failed', error: { code: 'HOOK_FAILED', message: 'no' } },
          { release: 'old', action: 'remove', state: 'notBegun' },
        ],
      },
    });
  });

  test('that is cancelled says so, too', async () => {
    await runOnce();
    await end('p-1', { state: 'succeeded', revision: 1 });
    const cancel = createCancelProject({ store, cancelTask: () => Promise.reject(new Error('none runs')), clock });
    expect(await cancel(taskOf())).toMatchObject({
      steps: [{ state: 'done' }, { state: 'notBegun' }, { state: 'notBegun' }],
    });
  });
});

describe('with rollback, an applied project that fails', () => {
  const rollback = { onFailure: 'rollback' } as const;

  async function fail(web: Partial<Task>): Promise<void> {
    await runOnce(rollback);
    await end('p-1', { state: 'succeeded', revision: 1 });
    await runOnce(rollback);
    await end('p-2', { state: 'failed', error: problem, ...web });
    await runOnce(rollback);
  }

  test('is undone in reverse order: an upgrade by a rollback, an install by a delete that keeps claims', async () => {
    await fail({ revision: 5 });
    expect(made().slice(2)).toEqual([['p-5', 'web', 'rollback']]);
    expect((await store.find('p-5'))?.task).toMatchObject({ order: { revision: 4 }, expectedRevision: 4 });
    await end('p-5', { state: 'succeeded', revision: 6 });
    await runOnce(rollback);
    expect((await store.find('p-4'))?.task).toMatchObject({
      release: 'db',
      order: { kind: 'delete', deletePvcs: false },
      expectedRevision: 1,
    });
    await end('p-4', { state: 'succeeded' });
    const undone = [{ state: 'undone' }, { state: 'undone' }, { state: 'notBegun' }];
    await expect(runOnce(rollback)).rejects.toMatchObject({ code: 'HOOK_FAILED', details: { steps: undone } });
  });

  test('leaves and names what somebody has changed since, and what that depends on', async () => {
    await fail({ revision: 5 });
    await end('p-5', { state: 'failed', error: { code: 'REVISION_MISMATCH', message: 'changed', details: {} } });
    const left = [{ state: 'done' }, { state: 'left', error: { code: 'REVISION_MISMATCH' } }, { state: 'notBegun' }];
    await expect(runOnce(rollback)).rejects.toMatchObject({ details: { steps: left } });
    expect(made()).toHaveLength(3);
  });

  test('does not touch a release that its step never changed', async () => {
    await fail({ error: { code: 'REVISION_MISMATCH', message: 'changed', details: {} } });
    expect(made().slice(2)).toEqual([['p-4', 'db', 'delete']]);
  });

  test('undoes nothing when a removal fails: everything else is as it was asked for', async () => {
    await runOnce(rollback);
    await end('p-1', { state: 'succeeded', revision: 1 });
    await runOnce(rollback);
    await end('p-2', { state: 'succeeded', revision: 5 });
    await runOnce(rollback);
    await end('p-3', { state: 'failed', error: problem });
    const states = [{ state: 'done' }, { state: 'done' }, { state: 'failed' }];
    await expect(runOnce(rollback)).rejects.toMatchObject({ details: { steps: states } });
  });
});
