import { beforeEach, describe, expect, test, vi } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { GRACE_MS, createRunnerStage, stagedTask as taskOf } from '../../../test/harness/fakes/runner-stage.ts';
import { TooManyAttempts } from '../../domain/errors/too-many-attempts.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Task } from '../../domain/tasks/task.ts';
import { TaskConflict } from '../../ports/storage/task-store.ts';

type Stage = ReturnType<typeof createRunnerStage>;
let stage: Stage;
let clock: Stage['clock'];
let store: Stage['store'];
let started: Stage['started'];
let problems: Stage['problems'];
let stateOf: Stage['stateOf'];
let running: Stage['running'];
let settle: Stage['settle'];

beforeEach(() => {
  stage = createRunnerStage();
  ({ clock, store, started, problems, stateOf, running, settle } = stage);
});

describe('the order of tasks', () => {
  test('tasks of one release run one after the other, as they arrived; another release does not wait', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await store.create(taskOf('2', 'web'));
    await store.create(taskOf('3', 'api'));
    await settle();
    expect(running()).toEqual(['1', '3']);
    started[0]?.end({ revision: 4 });
    await settle();
    expect(running()).toEqual(['1', '3', '2']);
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 4, attempt: 1 });
  });

  test('no more run at once than are allowed', async () => {
    void stage.start(2);
    for (const id of ['1', '2', '3']) await store.create(taskOf(id, `release-${id}`));
    await settle();
    expect(running()).toEqual(['1', '2']);
    started[1]?.end();
    await settle();
    expect(running()).toEqual(['1', '2', '3']);
  });

  test('what one run saves at once is written one after the other', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    const run = started[0]!.run;
    await Promise.all([run.save({ revision: 4 }), run.save({ warnings: [{ code: 'ODD', message: 'odd' }] })]);
    expect((await store.find('1'))?.task).toMatchObject({ revision: 4, warnings: [{ code: 'ODD' }] });
    started[0]?.end();
    await settle();
    expect(await stateOf('1')).toBe('succeeded');
  });

  test('the progress of a task that takes long is stored, and nothing of it is left in the end', async () => {
    void stage.start();
    const stored = await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.run.report({ phase: 'wait', message: 'waits for Deployment web' });
    const before = (await store.find('1'))?.version;
    await clock.advance(2_000);
    const noted = await store.find('1');
    expect(noted?.version).toBeGreaterThan(before ?? stored!.version);
    expect(noted?.task.progress).toEqual({ phase: 'wait', message: 'waits for Deployment web' });
    started[0]?.end({ revision: 4 });
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 4 });
    expect((await store.find('1'))?.task.progress).toBeUndefined();
  });

  test('only the holder of a reservation starts the release, and it is written once', async () => {
    void stage.start();
    await settle();
    const reservation = stage.runner().reserve(taskOf('0', 'web'));
    expect(stage.runner().reserve(taskOf('0', 'web'))).toBeNull();
    const stored = await store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1 });
    await settle();
    expect(running()).toEqual([]);
    const fresh = { seen: { history: [], ownConfig: null }, archiveKept: true };
    reservation?.start(stored!, fresh);
    expect(started[0]?.run.fresh).toEqual(fresh);
    expect((await store.find('1'))?.version).toBe(stored?.version);
    started[0]?.end();
    await settle();
    expect(await stateOf('1')).toBe('succeeded');
    expect(stage.runner().reserve(taskOf('0', 'web'))).not.toBeNull();
  });

  test('a cancelled reservation lets the next one in', async () => {
    void stage.start();
    await settle();
    const reservation = stage.runner().reserve(taskOf('0', 'web'));
    await store.create(taskOf('1', 'web'));
    await settle();
    expect(running()).toEqual([]);
    reservation?.cancel();
    await settle();
    expect(running()).toEqual(['1']);
  });

  test('one caller leaves a place to others on the short way, too', async () => {
    void stage.start(4);
    await settle();
    const of = (name: string, release: string) => ({ ...taskOf(release, release), caller: person(name) });
    const held = ['a', 'b', 'c', 'd'].map((release) => stage.runner().reserve(of('ann', release)));
    expect(held.map((one) => one !== null)).toEqual([true, true, true, false]);
    expect(stage.runner().reserve(of('bob', 'd'))).not.toBeNull();
  });

  test('nothing can be reserved behind a waiting task, or where another replica leads', async () => {
    void stage.start();
    await settle();
    await store.create(taskOf('1', 'web'));
    expect(stage.runner().reserve(taskOf('0', 'web'))).toBeNull();
    stage.lead(false);
    expect(stage.runner().reserve(taskOf('0', 'api'))).toBeNull();
  });

  test('who has to look again waits for its time without counting as another attempt', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await store.create(taskOf('2', 'web'));
    await settle();
    started[0]?.end({ recheckMs: 1000 });
    await clock.advance(999);
    expect(running()).toEqual(['1']);
    await clock.advance(1);
    expect(running()).toEqual(['1', '1']);
    expect(started[1]?.task.attempt).toBe(1);
  });

  test('a task that waits looks again as soon as it is worth it, and then no longer listens', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    const wakes: (() => void)[] = [];
    const stopped = vi.fn<() => void>();
    const sooner = (wake: () => void) => {
      wakes.push(wake);
      return stopped;
    };
    started[0]?.end({ recheckMs: 1000, sooner });
    await settle();
    expect(running()).toEqual(['1']);
    wakes[0]?.();
    await settle();
    expect(running()).toEqual(['1', '1']);
    expect(stopped).toHaveBeenCalledOnce();
    await clock.advance(1000);
    expect(running()).toEqual(['1', '1']);
    started[1]?.end({ recheckMs: 1000, sooner: (wake) => (wake(), stopped) });
    await settle();
    expect(running()).toEqual(['1', '1', '1']);
    expect(stopped).toHaveBeenCalledTimes(2);
  });
});

describe('failures', () => {
  test('a problem ends the task with its code', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.fail(problem('HOOK_FAILED', 'the hook failed', { remains: [] }));
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({
      state: 'failed',
      error: { code: 'HOOK_FAILED', message: 'the hook failed', details: { remains: [] } },
    });
    expect(problems).toEqual([]);
  });

  test('an unexpected error goes to the log, and not to the caller', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    const error = new Error('secret inside');
    started[0]?.fail(error);
    await settle();
    expect((await store.find('1'))?.task.error?.code).toBe('INTERNAL');
    expect(JSON.stringify(await store.find('1'))).not.toContain('secret inside');
    expect(problems).toEqual([error]);
  });

  test.each(['ENGINE_STOPPED', 'CLUSTER_UNREACHABLE'] as const)('after %s it is looked at again', async (code) => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.fail(problem(code, 'nobody knows'));
    await clock.advance(1000);
    expect(running()).toEqual(['1', '1']);
    expect(started[1]?.task.attempt).toBe(2);
    expect(await stateOf('1')).toBe('running');
  });

  test('a task for which there was no room waits for its turn: no attempt counts, and it never fails of it', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    for (let time = 0; time < 20; time += 1) {
      started[time]?.fail(problem('ENGINE_BUSY', 'no room'));
      await settle();
      expect((await store.find('1'))?.task).toMatchObject({ state: 'queued', attempt: 0 });
      expect(started).toHaveLength(time + 1);
      await clock.advance(15_000);
    }
    expect(started).toHaveLength(21);
    expect(started[20]?.task.attempt).toBe(1);
    started[20]?.end({ revision: 1 });
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 1 });
    expect(problems).toEqual([]);
  });

  test('a task that waits for room is cancelled like every other', async () => {
    void stage.start();
    const stored = await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.fail(problem('ENGINE_BUSY', 'no room'));
    await settle();
    const waiting = (await store.find('1')) ?? stored;
    await store.update(waiting!, { ...waiting!.task, cancelRequest: { by: 'ann' } });
    await clock.advance(1000);
    expect(await stateOf('1')).toBe('cancelled');
    expect(started).toHaveLength(1);
  });

  test('a change that is given up is not looked at again', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.fail(new TooManyAttempts('the operation', 3));
    await clock.advance(60_000);
    expect(running()).toEqual(['1']);
    expect(await stateOf('1')).toBe('failed');
  });

  test('what a task came to is told at once, and written however long the cluster is away', async () => {
    let away = true;
    const written: string[] = [];
    stage = createRunnerStage((real) => ({
      ...real,
      update: (stored, task) =>
        away && task.state === 'succeeded'
          ? Promise.reject(problem('CLUSTER_UNREACHABLE', 'away'))
          : real.update(stored, task).finally(() => written.push(task.state)),
    }));
    ({ clock, store, started, stateOf, running, settle } = stage);
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.end();
    await clock.advance(60_000);
    expect(await stateOf('1')).toBe('succeeded');
    expect(written).toEqual(['running']);
    away = false;
    await clock.advance(60_000);
    expect(written).toEqual(['running', 'succeeded']);
    expect(running()).toEqual(['1']);
  });
});

/** A store whose view has not yet seen the change for which the cluster refuses a write. */
function laggingStage(isLost: (task: Task) => boolean) {
  stage = createRunnerStage((real) => ({
    ...real,
    update: (stored, task) => (isLost(task) ? Promise.reject(new TaskConflict(task.id)) : real.update(stored, task)),
  }));
  ({ clock, store, started, problems, stateOf, running, settle } = stage);
}

describe('a task of which the view has not heard that it was ended', () => {
  test.each(['failed', 'succeeded'] as const)('is not started again: it %s', async (end) => {
    let isEnded = false;
    // The end is stored in the cluster, but its response was lost: each later write finds a task that has changed.
    laggingStage((task) => (isEnded ||= task.state === end));
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    if (end === 'failed') started[0]?.fail(problem('HOOK_FAILED', 'the hook failed'));
    else started[0]?.end();
    await clock.advance(10_000);
    expect(running()).toEqual(['1']);
    expect(problems).toEqual([]);
  });

  test('is not looked at again by who led before and leads again', async () => {
    let isElsewhere = false;
    laggingStage(() => isElsewhere);
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.end({ recheckMs: 1000 });
    await settle();
    stage.lead(false);
    isElsewhere = true;
    stage.lead(true);
    await clock.advance(10_000);
    expect(running()).toEqual(['1']);
    isElsewhere = false;
    await clock.advance(1000);
    expect(running()).toEqual(['1', '1']);
    expect(started[1]?.task.attempt).toBe(2);
  });
});

describe('handing over', () => {
  test('tasks that a killed process left are started again', async () => {
    await store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1, revision: 3 });
    void stage.start();
    await settle();
    expect(started[0]?.task).toMatchObject({ id: '1', attempt: 2, revision: 3 });
    expect(started[0]?.run.fresh).toBeUndefined();
  });

  test('a lost lead cancels what runs and leaves it to the next leader', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    stage.lead(false);
    await settle();
    expect(started[0]?.run.signal.aborted).toBe(true);
    expect(await stateOf('1')).toBe('running');
    await store.create(taskOf('2', 'api'));
    await settle();
    expect(running()).toEqual(['1']);
    stage.lead(true);
    await settle();
    expect(running()).toEqual(['1', '1', '2']);
  });

  test('what a task came to, told and not written when the lead was lost, is found again by who leads next', async () => {
    let away = true;
    stage = createRunnerStage((real) => ({
      ...real,
      update: (stored, task) =>
        away && task.state === 'succeeded'
          ? Promise.reject(problem('CLUSTER_UNREACHABLE', 'silent'))
          : real.update(stored, task),
    }));
    ({ clock, store, started, stateOf, running, settle } = stage);
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.end();
    await settle();
    expect(await stateOf('1')).toBe('succeeded');
    stage.lead(false);
    await settle();
    expect(await stateOf('1')).toBe('running');
    away = false;
    stage.lead(true);
    await settle();
    expect(running()).toEqual(['1', '1']);
    started[1]?.end();
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  test('what another leader took over is not touched any more', async () => {
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    const stored = await store.find('1');
    await store.update(stored!, { ...stored!.task, attempt: 7 });
    stage.loseLeadUnnoticed();
    started[0]?.end();
    await settle();
    expect((await store.find('1'))?.task).toMatchObject({ state: 'running', attempt: 7 });
  });

  test('stopping lets finish what runs and takes nothing more', async () => {
    const ended = stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    stage.stop();
    await store.create(taskOf('2', 'api'));
    await clock.advance(GRACE_MS - 1);
    expect(started[0]?.run.signal.aborted).toBe(false);
    started[0]?.end();
    await ended;
    expect(await stateOf('1')).toBe('succeeded');
    expect(await stateOf('2')).toBe('queued');
  });

  test('stopping hands back what does not finish in time', async () => {
    const ended = stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    stage.stop();
    await clock.advance(GRACE_MS);
    await ended;
    expect((await store.find('1'))?.task).toMatchObject({ state: 'queued', attempt: 0 });
  });
});
