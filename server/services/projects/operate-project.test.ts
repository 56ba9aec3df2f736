import { beforeEach, describe, expect, test } from 'vitest';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../test/harness/fakes/release-stage.ts';
import { orderOf } from '../../../test/harness/fakes/tasks.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import type { ProjectLifecycleOrder } from '../../domain/tasks/task.ts';
import { createOperateProject, type OperateProjectInput } from './operate-project.ts';

let stage: ReleaseStage;

beforeEach(() => {
  stage = createReleaseStage();
});

const present = (name: string, dependencies: Record<string, string> = {}, spec: JsonObject = {}) =>
  stage.release({ name, releaseConfig: releaseConfig({ project: 'mall', dependencies, ...spec }) });

function operate(order: OperateProjectInput['order']) {
  const operateProject = createOperateProject({ ...stage, store: stage.tasks });
  const input = { namespace: 'shop', project: 'mall', order, options: terms() };
  return operateProject(input, new AbortController().signal);
}

const orders = () => stage.accepted().map(({ order }) => order as ProjectLifecycleOrder);
const steps = () => orders().flatMap((order) => order.steps.map(({ release, after }) => [release, ...after]));

describe('a project', () => {
  test('is paused dependents first, and recovered and restarted providers first', async () => {
    await present('db');
    await present('web', { db: 'db' });
    await operate({ kind: 'pause' });
    expect(orders()).toMatchObject([{ kind: 'pauseProject', steps: [{ order: { kind: 'pause' } }, {}] }]);
    expect(steps()).toEqual([['db', 'web'], ['web']]);
    stage = createReleaseStage();
    await present('db');
    await present('web', { db: 'db' });
    await operate({ kind: 'restart', mode: 'auto' });
    expect(steps()).toEqual([['db'], ['web', 'db']]);
  });

  test('whose releases depend on each other in a circle is operated, too', async () => {
    await present('a', { b: 'b' });
    await present('b', { a: 'a' });
    await operate({ kind: 'pause' });
    expect(steps()).toEqual([['a'], ['b']]);
  });

  test('has nothing to recover while none of its releases is paused', async () => {
    await present('db');
    expect(await operate({ kind: 'recover' })).toMatchObject({ task: null, finished: true });
    expect(stage.accepted()).toEqual([]);
  });

  test('is not restarted while one of its releases is paused', async () => {
    await present('db');
    await present('web', {}, { plugins: [{ name: 'PauseRelease', args: '', version: '1.0', disable: false }] });
    await expect(operate({ kind: 'restart', mode: 'auto' })).rejects.toMatchObject({ code: 'RELEASE_PAUSED' });
    expect(stage.accepted()).toEqual([]);
    await operate({ kind: 'recover' });
    expect(steps()).toEqual([['web']]);
    // What that will leave is not known yet: each step judges it.
    await operate({ kind: 'restart', mode: 'auto' });
    expect(orders().at(-1)?.steps).toHaveLength(2);
  });

  test('has to be there', async () => {
    await expect(operate(orderOf('pause'))).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  });
});
