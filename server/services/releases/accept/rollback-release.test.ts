import { beforeEach, expect, test } from 'vitest';
import { createReleaseStage, type ReleaseStage, terms } from '../../../../test/harness/fakes/release-stage.ts';
import { taskWith } from '../../../../test/harness/fakes/tasks.ts';
import type { RollbackInput } from '../../tasks/release-mutation.ts';
import { createAcceptChange } from './accept-change.ts';
import { createRollbackRelease } from './rollback-release.ts';

let stage: ReleaseStage;

beforeEach(() => {
  stage = createReleaseStage();
  stage.helm.write('shop', 'web', 3, 'superseded');
  stage.helm.write('shop', 'web', 4, 'failed');
  stage.helm.write('shop', 'web', 5, 'deployed');
});

function rollback(given: Partial<RollbackInput> = {}) {
  const acceptChange = createAcceptChange({ ...stage, store: stage.tasks });
  const rollbackRelease = createRollbackRelease({ acceptChange });
  const input = { namespace: 'shop', release: 'web', revision: 3, options: terms(), ...given };
  return rollbackRelease(input, new AbortController().signal);
}

test('is a durable task with what was asked for, and who waits is answered with its end', async () => {
  expect(await rollback()).toMatchObject({ finished: false, task: { operation: 'rollback' } });
  expect(await rollback({ revision: 0, hooks: false, options: terms({ waiting: {} }) })).toMatchObject({
    finished: true,
  });
  expect(stage.accepted().map(({ order }) => order)).toEqual([
    { kind: 'rollback', revision: 3 },
    { kind: 'rollback', revision: 0, disableHooks: true },
  ]);
  stage.outcome.task = { state: 'failed', error: { code: 'FIELD_IMMUTABLE', message: 'no', details: {} } };
  await expect(rollback({ options: terms({ waiting: {} }) })).rejects.toMatchObject({ code: 'FIELD_IMMUTABLE' });
});

test('of a release that is not there, or to a revision that is not kept, is refused before anything is written', async () => {
  await expect(rollback({ release: 'none' })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  for (const revision of [1, 6]) {
    await expect(rollback({ revision })).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
  }
  stage.helm.write('shop', 'first', 1, 'deployed');
  await expect(rollback({ release: 'first', revision: 0 })).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
  await expect(rollback({ options: terms({ expectedRevision: 4 }) })).rejects.toMatchObject({
    code: 'REVISION_MISMATCH',
  });
  expect(stage.accepted()).toEqual([]);
});

test('is judged by its task while others are unfinished, which may write the revision', async () => {
  await stage.tasks.create(taskWith({ id: 'earlier' }));
  expect(await rollback({ revision: 6 })).toMatchObject({ task: { state: 'queued' } });
});
