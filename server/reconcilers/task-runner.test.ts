import { taskWith } from '../../test/harness/tasks.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { TaskOperation } from '../../contract/task.ts';
import { createManualClock, type ManualClock } from '../adapters/memory/manual-clock.ts';
import { createMemoryTaskStore } from '../adapters/memory/task-store.ts';
import { problem } from '../domain/problem-error.ts';
import type { Task } from '../domain/task.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { createCancelTask } from '../services/tasks/cancel-task.ts';
import { createWaitForTask } from '../services/tasks/wait-for-task.ts';
import type { TaskExecutor, TaskResult, TaskRun } from '../services/tasks/task-executor.ts';
import { createTaskRunner, type TaskRunner, type TaskRunnerDeps } from './task-runner.ts';

/** One run of a task, ended by the test. */
type Begun = { task: Task; run: TaskRun; end: (result?: TaskResult) => void; fail: (error: unknown) => void };

const GRACE_MS = 10_000;
let clock: ManualClock;
let store: TaskStore;
let runner: TaskRunner;
let begun: Begun[];
let troubles: unknown[];
let undone: string[];
let undoFailures: Error[];
let leading: boolean;
let tellLeading: (leading: boolean) => void;
let stopping: AbortController;

const execute: TaskExecutor = (task, run) =>
  new Promise((resolve, reject) => {
    begun.push({ task, run, end: (result = {}) => resolve(result), fail: reject });
    run.signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

function taskOf(id: string, release: string, namespace = 'shop'): Task {
  return taskWith({ id, namespace, release, createdAt: `2026-01-01T00:00:0${id}.000Z` });
}

const stateOf = async (id: string) => (await store.find(id))?.task.state;
const running = () => begun.map(({ task }) => task.id);
const settle = () => clock.advance(0);

function start(parallel = 10): Promise<void> {
  const subscribers = new Set<(leading: boolean) => void>();
  tellLeading = (now) => {
    leading = now;
    subscribers.forEach((tell) => tell(now));
  };
  runner = createTaskRunner({
    store,
    leadership: {
      isLeader: () => leading,
      subscribe(listener) {
        subscribers.add(listener);
        return () => subscribers.delete(listener);
      },
    },
    executors: Object.fromEntries(
      TaskOperation.anyOf.map((kind) => [kind.const, execute]),
    ) as TaskRunnerDeps['executors'],
    undoCancelled: (task) => {
      undone.push(task.id);
      const failure = undoFailures.shift();
      return failure === undefined ? Promise.resolve({ remains: [] }) : Promise.reject(failure);
    },
    clock,
    parallel,
    graceMs: GRACE_MS,
    onTrouble: (_, error) => troubles.push(error),
  });
  stopping = new AbortController();
  return runner.run(stopping.signal);
}

beforeEach(() => {
  clock = createManualClock();
  store = createMemoryTaskStore();
  begun = [];
  troubles = [];
  undone = [];
  undoFailures = [];
  leading = true;
});

describe('the order of tasks', () => {
  test('tasks of one release run one after the other, as they arrived; another release does not wait', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await store.create(taskOf('2', 'web'));
    await store.create(taskOf('3', 'api'));
    await settle();
    expect(running()).toEqual(['1', '3']);
    begun[0]?.end({ revision: 4 });
    await settle();
    expect(running()).toEqual(['1', '3', '2']);
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 4, attempt: 1 });
  });

  test('no more run at once than are allowed', async () => {
    void start(2);
    for (const id of ['1', '2', '3']) await store.create(taskOf(id, `release-${id}`));
    await settle();
    expect(running()).toEqual(['1', '2']);
    begun[1]?.end();
    await settle();
    expect(running()).toEqual(['1', '2', '3']);
  });

  test('a reserved release is started by who reserved it, written once, and nobody else gets it', async () => {
    void start();
    await settle();
    const reservation = runner.reserve('shop/web');
    expect(runner.reserve('shop/web')).toBeNull();
    const stored = await store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1 });
    await settle();
    expect(running()).toEqual([]);
    const fresh = { seen: { history: [], newestConfig: null }, archiveKept: true };
    reservation?.start(stored!, fresh);
    expect(begun[0]?.run.fresh).toEqual(fresh);
    expect((await store.find('1'))?.version).toBe(stored?.version);
    begun[0]?.end();
    await settle();
    expect(await stateOf('1')).toBe('succeeded');
    expect(runner.reserve('shop/web')).not.toBeNull();
  });

  test('a cancelled reservation lets the next one in', async () => {
    void start();
    await settle();
    const reservation = runner.reserve('shop/web');
    await store.create(taskOf('1', 'web'));
    await settle();
    expect(running()).toEqual([]);
    reservation?.cancel();
    await settle();
    expect(running()).toEqual(['1']);
  });

  test('nothing can be reserved behind a waiting task, or where another replica leads', async () => {
    void start();
    await settle();
    await store.create(taskOf('1', 'web'));
    expect(runner.reserve('shop/web')).toBeNull();
    tellLeading(false);
    expect(runner.reserve('shop/api')).toBeNull();
  });

  test('who has to look again waits for its time without counting as another attempt', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await store.create(taskOf('2', 'web'));
    await settle();
    begun[0]?.end({ lookAgainMs: 1000 });
    await clock.advance(999);
    expect(running()).toEqual(['1']);
    await clock.advance(1);
    expect(running()).toEqual(['1', '1']);
    expect(begun[1]?.task.attempt).toBe(1);
  });
});

describe('failures', () => {
  test('a problem ends the task with its code', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    begun[0]?.fail(problem('HOOK_FAILED', 'the hook failed', { remains: [] }));
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({
      state: 'failed',
      error: { code: 'HOOK_FAILED', message: 'the hook failed', details: { remains: [] } },
    });
    expect(troubles).toEqual([]);
  });

  test('an unexpected error is told to the log, and not to the caller', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    const error = new Error('secret inside');
    begun[0]?.fail(error);
    await settle();
    expect((await store.find('1'))?.task.error?.code).toBe('INTERNAL');
    expect(JSON.stringify(await store.find('1'))).not.toContain('secret inside');
    expect(troubles).toEqual([error]);
  });

  test.each(['ENGINE_STOPPED', 'CLUSTER_UNREACHABLE'] as const)('after %s it is looked at again', async (code) => {
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    begun[0]?.fail(problem(code, 'nobody knows'));
    await clock.advance(1000);
    expect(running()).toEqual(['1', '1']);
    expect(begun[1]?.task.attempt).toBe(2);
    expect(await stateOf('1')).toBe('running');
  });

  test('what a task came to is told at once, and written however long the cluster is away', async () => {
    let away = true;
    const written: string[] = [];
    const real = createMemoryTaskStore();
    store = {
      ...real,
      update: (stored, task) =>
        away && task.state === 'succeeded'
          ? Promise.reject(problem('CLUSTER_UNREACHABLE', 'away'))
          : real.update(stored, task).finally(() => written.push(task.state)),
    };
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    begun[0]?.end();
    await clock.advance(60_000);
    expect(await stateOf('1')).toBe('succeeded');
    expect(written).toEqual(['running']);
    away = false;
    await clock.advance(60_000);
    expect(written).toEqual(['running', 'succeeded']);
    expect(running()).toEqual(['1']);
  });
});

describe('handing over', () => {
  test('tasks that a killed process left are begun again', async () => {
    await store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1, revision: 3 });
    void start();
    await settle();
    expect(begun[0]?.task).toMatchObject({ id: '1', attempt: 2, revision: 3 });
    expect(begun[0]?.run.fresh).toBeUndefined();
  });

  test('a lost lead cancels what runs and leaves it to the next leader', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    tellLeading(false);
    await settle();
    expect(begun[0]?.run.signal.aborted).toBe(true);
    expect(await stateOf('1')).toBe('running');
    await store.create(taskOf('2', 'api'));
    await settle();
    expect(running()).toEqual(['1']);
    tellLeading(true);
    await settle();
    expect(running()).toEqual(['1', '1', '2']);
  });

  test('what another leader took over is not touched any more', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    const stored = await store.find('1');
    await store.update(stored!, { ...stored!.task, attempt: 7 });
    leading = false;
    begun[0]?.end();
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({ state: 'running', attempt: 7 });
  });

  test('stopping lets finish what runs and takes nothing more', async () => {
    const ended = start();
    await store.create(taskOf('1', 'web'));
    await settle();
    stopping.abort();
    await store.create(taskOf('2', 'api'));
    await clock.advance(GRACE_MS - 1);
    expect(begun[0]?.run.signal.aborted).toBe(false);
    begun[0]?.end();
    await ended;
    expect(await stateOf('1')).toBe('succeeded');
    expect(await stateOf('2')).toBe('queued');
  });

  test('stopping hands back what does not finish in time', async () => {
    const ended = start();
    await store.create(taskOf('1', 'web'));
    await settle();
    stopping.abort();
    await clock.advance(GRACE_MS);
    await ended;
    expect((await store.find('1'))?.task).toMatchObject({ state: 'queued', attempt: 0 });
  });
});

describe('a task that is cancelled', () => {
  const waiting = () => createWaitForTask({ store, clock });
  const cancel = (id: string) =>
    createCancelTask({ store, clock, waitForTask: waiting() })(
      id,
      { user: 'alice', groups: [] },
      new AbortController().signal,
    );

  test('never starts when it is queued, and the one behind it does', async () => {
    void start();
    for (const id of ['1', '2', '3']) await store.create(taskOf(id, 'web'));
    await settle();
    expect(await cancel('2')).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCELLED', message: 'cancelled by alice' },
    });
    begun[0]?.end();
    await settle();
    expect(running()).toEqual(['1', '3']);
    expect(undone).toEqual([]);
  });

  test('is stopped when it runs, undone, and lets the next one go on', async () => {
    void start();
    for (const id of ['1', '2']) await store.create(taskOf(id, 'web'));
    await settle();
    const answer = cancel('1');
    await settle();
    expect(begun[0]?.run.signal.aborted).toBe(true);
    expect(await answer).toMatchObject({ state: 'cancelled', error: { details: { remains: [] } } });
    expect(undone).toEqual(['1']);
    expect(running()).toEqual(['1', '2']);
  });

  test('is undone by who comes next when its process is gone', async () => {
    await store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1, cancelRequest: { by: null } });
    void start();
    await settle();
    expect(begun).toEqual([]);
    expect(undone).toEqual(['1']);
    expect(await stateOf('1')).toBe('cancelled');
  });

  test('is tried again while nobody knows whether it was undone', async () => {
    void start();
    undoFailures = [problem('CLUSTER_UNREACHABLE', 'no answer')];
    await store.create(taskOf('1', 'web'));
    await settle();
    const answer = cancel('1');
    await settle();
    expect(await stateOf('1')).toBe('running');
    await clock.advance(500);
    expect(await answer).toMatchObject({ state: 'cancelled' });
    expect(undone).toEqual(['1', '1']);
  });

  test('keeps what it came to when it was faster, and says so', async () => {
    void start();
    await store.create(taskOf('1', 'web'));
    await settle();
    begun[0]?.end({ revision: 2 });
    const answer = cancel('1').catch((error: unknown) => error);
    await settle();
    expect(await answer).toMatchObject({
      code: 'TASK_FINISHED',
      message: expect.stringContaining('it is succeeded') as string,
    });
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 2 });
  });

  test('that does not exist is not found', async () => {
    await expect(cancel('nope')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});
