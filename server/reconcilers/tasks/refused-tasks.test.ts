import { expect, test } from 'vitest';
import { createRunnerStage, stagedTask as taskOf } from '../../../test/harness/fakes/runner-stage.ts';

test('the right is asked for when the turn of a task comes', async () => {
  const stage = createRunnerStage();
  void stage.start();
  await stage.store.create(taskOf('1', 'web'));
  await stage.store.create(taskOf('2', 'web'));
  await stage.settle();
  stage.refused.add('2');
  stage.started[0]?.end();
  await stage.settle();
  expect(stage.running()).toEqual(['1']);
  expect((await stage.store.find('2'))?.task).toMatchObject({
    state: 'failed',
    attempt: 0,
    error: { code: 'FORBIDDEN', message: 'not any more' },
  });
});

test('and again when another process continues a started task', async () => {
  const stage = createRunnerStage();
  stage.refused.add('1');
  await stage.store.create({ ...taskOf('1', 'web'), state: 'running', attempt: 1, revision: 3 });
  void stage.start();
  await stage.settle();
  expect(stage.running()).toEqual([]);
  expect((await stage.store.find('1'))?.task).toMatchObject({ state: 'failed', error: { code: 'FORBIDDEN' } });
});
