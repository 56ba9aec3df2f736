import { beforeEach, describe, expect, test } from 'vitest';
import { createRunnerStage, stagedTask as taskOf } from '../../../test/harness/fakes/runner-stage.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createCancelTask } from '../../services/tasks/cancel-task.ts';
import { createWaitForTask } from '../../services/tasks/wait-for-task.ts';
import { person } from '../../../test/harness/fakes/person.ts';

type Stage = ReturnType<typeof createRunnerStage>;
let stage: Stage;
let clock: Stage['clock'];
let store: Stage['store'];
let started: Stage['started'];
let undone: Stage['undone'];
let undoFailures: Stage['undoFailures'];
let stateOf: Stage['stateOf'];
let running: Stage['running'];
let settle: Stage['settle'];

beforeEach(() => {
  stage = createRunnerStage();
  ({ clock, store, started, undone, undoFailures, stateOf, running, settle } = stage);
});

describe('a task that is cancelled', () => {
  const waiting = () => createWaitForTask({ store, clock });
  const cancel = (id: string) =>
    createCancelTask({ store, clock, waitForTask: waiting() })(id, person('alice'), new AbortController().signal);

  test('never starts when it is queued, and the one behind it does', async () => {
    void stage.start();
    for (const id of ['1', '2', '3']) await store.create(taskOf(id, 'web'));
    await settle();
    expect(await cancel('2')).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCELLED', message: 'cancelled by alice' },
    });
    started[0]?.end();
    await settle();
    expect(running()).toEqual(['1', '3']);
    expect(undone).toEqual([]);
  });

  test('is stopped when it runs, undone, and lets the next one go on', async () => {
    void stage.start();
    for (const id of ['1', '2']) await store.create(taskOf(id, 'web'));
    await settle();
    const answer = cancel('1');
    await settle();
    expect(started[0]?.run.signal.aborted).toBe(true);
    expect(await answer).toMatchObject({ state: 'cancelled', error: { details: { remains: [] } } });
    expect(undone).toEqual(['1']);
    expect(running()).toEqual(['1', '2']);
  });

  test('is undone by who comes next when its process is gone', async () => {
    await store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1, cancelRequest: { by: null } });
    void stage.start();
    await settle();
    expect(started).toEqual([]);
    expect(undone).toEqual(['1']);
    expect(await stateOf('1')).toBe('cancelled');
  });

  test('is tried again while it is unknown whether it was undone', async () => {
    void stage.start();
    undoFailures.push(problem('CLUSTER_UNREACHABLE', 'no answer'));
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
    void stage.start();
    await store.create(taskOf('1', 'web'));
    await settle();
    started[0]?.end({ revision: 2 });
    const answer = cancel('1').catch((error: unknown) => error);
    await settle();
    expect(await answer).toMatchObject({
      code: 'TASK_FINISHED',
      message: expect.stringContaining('it is succeeded') as string,
    });
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 2 });
  });

  test('says what it came to where it was done before it could be stopped', async () => {
    void stage.start();
    stage.isDone.add('1');
    await store.create(taskOf('1', 'web'));
    await settle();
    const answer = cancel('1').catch((error: unknown) => error);
    await settle();
    started[1]?.end({ revision: 2 });
    await settle();
    expect(await answer).toMatchObject({ code: 'TASK_FINISHED' });
    expect((await store.find('1'))?.task).toMatchObject({ state: 'succeeded', revision: 2 });
    await store.create(taskOf('2', 'web'));
    await settle();
    expect(running()).toEqual(['1', '1', '2']);
  });

  test('that does not exist is not found', async () => {
    await expect(cancel('nope')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});
