import { beforeEach, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { orderOf } from '../../../../test/harness/fakes/tasks.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { TASK_ANNOTATION } from '../../../domain/release/release-config.ts';
import { interruption } from '../../../domain/revisions/interruption.ts';
import type { OrderOf, Task } from '../../../domain/tasks/task.ts';
import { type ChangeToCarryOut, createRunChange } from './run-change.ts';

const TARGET = { identity: null, namespace: 'shop', name: 'web' };
const PLACE = { namespace: 'shop', name: 'web' };

let stage: ExecutionStage;
/** The changes that were carried out. */
let changes: ChangeToCarryOut<OrderOf<'pause'>>[];

beforeEach(() => {
  stage = createExecutionStage();
  changes = [];
});

/** One run of a change that only writes the next revision. */
async function run(task: Partial<Task> = {}) {
  const executor = createRunChange<'pause'>(stage.deps, async (change) => {
    changes.push(change);
    return { release: await stage.deps.rewriteRelease(change, { cause: 'paused', facts: {} }) };
  });
  return stage.run<'pause'>(executor, orderOf('pause'), task);
}

test('a release that is not there is not changed', async () => {
  await expect(run()).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  expect(changes).toEqual([]);
  expect(stage.saved).toEqual([]);
});

test('a release that is not at the expected revision is not changed', async () => {
  stage.helm.record({ ...PLACE, revision: 2 });
  await expect(run({ expectedRevision: 1 })).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
  expect(changes).toEqual([]);
});

test('the number of the revision is saved before it is written, and the live view told of it', async () => {
  stage.helm.record({ ...PLACE, revision: 1 });
  expect(await run()).toMatchObject({ revision: 2 });
  expect(stage.saved).toEqual([{ revision: 2 }]);
  expect(changes).toMatchObject([{ revision: 2, current: { revision: 1 }, attempts: [], written: null }]);
  expect(stage.observed.map((release) => release?.revision)).toEqual([2]);
});

test('a change begins at the applied revision, and is told of the attempts that failed since', async () => {
  stage.helm.record({ ...PLACE, revision: 1 });
  stage.helm.record({ ...PLACE, revision: 2, status: 'failed' });
  await run();
  const [change] = changes;
  expect(change?.current.revision).toBe(1);
  expect(change?.attempts.map(({ revision }) => revision)).toEqual([2]);
  expect(change?.revision).toBe(3);
});

test('a revision of this task that exists is the result: nothing is written again', async () => {
  stage.helm.record({ ...PLACE, revision: 1, status: 'superseded' });
  stage.helm.record({ ...PLACE, revision: 2, releaseConfig: ownConfig('a') });
  expect(await run({ id: 'a', revision: 2 })).toMatchObject({ revision: 2 });
  expect(changes).toEqual([]);
});

test('a revision of this task that an earlier run left pending is marked as failed, and the change made again', async () => {
  stage.helm.record({ ...PLACE, revision: 1 });
  stage.helm.record({ ...PLACE, revision: 2, status: 'pending-rollback', releaseConfig: ownConfig('a') });
  expect(await run({ id: 'a', revision: 2 })).toMatchObject({ revision: 3 });
  expect((await stage.history())[1]).toBe('2 failed');
  expect((await stage.helm.getRelease(TARGET, 2))?.description).toBe(interruption('a'));
});

test('a failure that was not answered before the process ended is answered', async () => {
  stage.helm.record({ ...PLACE, revision: 1 });
  const failure = { code: 'MANIFEST_INVALID', message: 'no', details: {} } as const;
  stage.helm.record({ ...PLACE, revision: 2, status: 'failed', releaseConfig: ownConfig('a'), failure });
  await expect(run({ id: 'a', revision: 2 })).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });
  expect(changes).toEqual([]);
});

test('a lost race is not a failure: the release is observed again', async () => {
  stage.helm.record({ ...PLACE, revision: 1 });
  stage.helm.interruptNext(() => problem('REVISION_MISMATCH', 'another one was faster'));
  expect(await run()).toMatchObject({ revision: 2 });
  expect(changes.map(({ revision }) => revision)).toEqual([2, 2]);
});

test('a change that failed shows its revision before the caller gets the failure', async () => {
  stage.helm.record({ ...PLACE, revision: 1 });
  stage.helm.interruptNext(() => problem('FORBIDDEN', 'not allowed'));
  await expect(run()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(stage.observed).toMatchObject([{ revision: 2, status: 'failed' }]);
});

/** The ReleaseConfig of a revision that a task wrote. */
function ownConfig(task: string) {
  const config = releaseConfig({});
  return {
    ...config,
    metadata: { name: 'web', namespace: 'shop', annotations: { 'walm.io/facts': 'v1', [TASK_ANNOTATION]: task } },
  };
}
