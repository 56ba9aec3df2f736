import { beforeEach, expect, test } from 'vitest';
import { createReleaseStage, type ReleaseStage, terms } from '../../../../test/harness/fakes/release-stage.ts';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createRefuseDependents } from '../../dependencies/refuse-dependents.ts';
import type { DeleteInput } from '../../tasks/release-mutation.ts';
import { createAcceptChange } from './accept-change.ts';
import { createDeleteRelease } from './delete-release.ts';

let stage: ReleaseStage;

beforeEach(async () => {
  stage = createReleaseStage();
  await stage.release({ name: 'db', revision: 2 });
});

function remove(given: Partial<DeleteInput> = {}) {
  const deleteRelease = createDeleteRelease({
    acceptChange: createAcceptChange({ ...stage, store: stage.tasks }),
    refuseDependents: createRefuseDependents({ ...stage, isGuarding: true }),
  });
  const choice = { deletePvcs: false, ignoreNotFound: false, force: false };
  const input = { namespace: 'shop', release: 'db', ...choice, options: terms(), ...given };
  return deleteRelease(input, new AbortController().signal);
}

test('keeps in its task what was asked for, and who waits is answered with its end', async () => {
  await remove({ deletePvcs: true, keepHistory: true, hooks: false, ignoreNotFound: true });
  expect(stage.accepted().map(({ order }) => order)).toEqual([
    { kind: 'delete', deletePvcs: true, ignoreNotFound: true, keepHistory: true, disableHooks: true },
  ]);
  const waiting = terms({ waiting: {} });
  expect(await remove({ options: waiting })).toMatchObject({ finished: true, task: { state: 'succeeded' } });
  stage.outcome.task = { state: 'failed', error: { code: 'HOOK_FAILED', message: 'no', details: {} } };
  await expect(remove({ options: waiting })).rejects.toMatchObject({ code: 'HOOK_FAILED' });
});

test('is refused while others depend on the release, unless it is forced', async () => {
  await stage.release({ name: 'web', releaseConfig: releaseConfig({ dependencies: { store: 'db' } }) });
  await expect(remove()).rejects.toMatchObject({
    code: 'RELEASE_HAS_DEPENDENTS',
    details: { dependents: ['shop/web'] },
  });
  expect(stage.accepted()).toEqual([]);
  expect(await remove({ force: true })).toMatchObject({ task: { operation: 'delete' } });
});

test('of what is not there is refused, or nothing to do where that is fine', async () => {
  await expect(remove({ release: 'none' })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  expect(await remove({ release: 'none', ignoreNotFound: true })).toEqual({ task: null, finished: true, warnings: [] });
  await expect(remove({ options: terms({ expectedRevision: 1 }) })).rejects.toMatchObject({
    code: 'REVISION_MISMATCH',
  });
  expect(stage.accepted()).toEqual([]);
});
