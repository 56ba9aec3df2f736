import { beforeEach, expect, test } from 'vitest';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../test/harness/fakes/release-stage.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createRefuseDependents } from '../dependencies/refuse-dependents.ts';
import { createDeleteProject, type DeleteProjectInput } from './delete-project.ts';
import { createCompleteReleases } from '../releases/observe/complete-releases.ts';
import { createBeginRead } from '../releases/observe/read-point.ts';
import { createReadProjects } from './read-projects.ts';

let stage: ReleaseStage;

beforeEach(async () => {
  stage = createReleaseStage();
  await stage.release({ name: 'db', releaseConfig: releaseConfig({ project: 'mall' }) });
  await stage.release({ name: 'web', releaseConfig: releaseConfig({ project: 'mall', dependencies: { db: 'db' } }) });
  await stage.release({ name: 'alone', releaseConfig: releaseConfig({}) });
});

function remove(given: Partial<DeleteProjectInput> = {}) {
  const deleteProject = createDeleteProject({
    ...stage,
    store: stage.tasks,
    refuseDependents: createRefuseDependents({ ...stage, isGuarding: true }),
  });
  const choice = { deletePvcs: false, ignoreNotFound: false, keepHistory: false, force: false };
  const input = { namespace: 'shop', project: 'mall', ...choice, options: terms(), ...given };
  return deleteProject(input, new AbortController().signal);
}

test('a deletion is one durable task of the whole project, whose members may depend on each other', async () => {
  expect(await remove({ deletePvcs: true, keepHistory: true })).toMatchObject({ task: { operation: 'deleteProject' } });
  expect(stage.accepted()).toMatchObject([
    { project: 'mall', release: '', order: { kind: 'deleteProject', deletePvcs: true, keepHistory: true } },
  ]);
  stage.outcome.task = { state: 'failed', error: { code: 'HOOK_FAILED', message: 'no', details: {} } };
  await expect(remove({ options: terms({ waiting: {} }) })).rejects.toMatchObject({ code: 'HOOK_FAILED' });
});

test('is refused while a release outside depends on one of it, unless it is forced', async () => {
  await stage.release({ name: 'other', releaseConfig: releaseConfig({ dependencies: { db: 'db' } }) });
  await expect(remove()).rejects.toMatchObject({
    code: 'RELEASE_HAS_DEPENDENTS',
    details: { dependents: ['shop/other'] },
  });
  expect(stage.accepted()).toEqual([]);
  await remove({ force: true });
  expect(stage.accepted()).toHaveLength(1);
});

test('what the cache does not show yet, or shows still, is looked for in the cluster', async () => {
  await Promise.all(['shop/db', 'shop/web'].map((key) => stage.cache.remove(key)));
  expect(await remove({ ignoreNotFound: true })).toMatchObject({ task: { operation: 'deleteProject' } });
  await stage.release({ name: 'gone', releaseConfig: releaseConfig({ project: 'former' }) });
  await stage.current.remove('shop/gone');
  await expect(remove({ project: 'former' })).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
});

test('is not refused for a dependent that only the cache shows still', async () => {
  await stage.release({ name: 'other', releaseConfig: releaseConfig({ dependencies: { db: 'db' } }) });
  await stage.current.remove('shop/other');
  expect(await remove()).toMatchObject({ task: { operation: 'deleteProject' } });
});

test('of what is not there is refused, or nothing to do; what may be coming is left to its task', async () => {
  await expect(remove({ project: 'none' })).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  expect(await remove({ project: 'none', ignoreNotFound: true })).toEqual({ task: null, finished: true, warnings: [] });
  await stage.tasks.create(taskWith({ id: 'coming', release: '', project: 'none' }));
  expect(await remove({ project: 'none' })).toMatchObject({ task: { state: 'queued' } });
});

test('a project is read from the releases that name it, and from the tasks of those that have none yet', async () => {
  const { getProject, listProjects } = createReadProjects({
    ...stage,
    beginRead: createBeginRead({ statuses: { get: () => undefined, latestSequence: () => 0 } }),
    completeReleases: createCompleteReleases({
      worstDependencies: () => Promise.resolve(new Map()),
      newerVersion: () => null,
    }),
  });
  expect(await getProject('shop', 'mall')).toMatchObject({ releases: [{ name: 'db' }, { name: 'web' }] });
  await expect(getProject('shop', 'none')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  await stage.tasks.create(taskWith({ id: 'coming', release: '', project: 'coming', state: 'running' }));
  const names = async (...asked: Parameters<typeof listProjects>) =>
    (await listProjects(...asked)).items.map(({ namespace, name }) => `${namespace}/${name}`);
  expect(await names(null, {})).toEqual(['shop/coming', 'shop/mall']);
  expect(await names(null, { namespace: 'elsewhere' })).toEqual([]);
  expect(await names(null, { sort: '-name', text: 'SHOP/' })).toEqual(['shop/mall', 'shop/coming']);
  expect(await names(null, { selector: 'team=none' })).toEqual([]);
  const first = await listProjects(null, { limit: 1, view: 'summary' });
  expect(first).toMatchObject({ num: 1, total: 2, items: [{ name: 'coming' }] });
  const second = await listProjects(null, { limit: 1, view: 'summary', continue: first.continue ?? '' });
  expect(second.items).toMatchObject([
    { name: 'mall', releases: [{ computedValues: null }, { computedValues: null }] },
  ]);
  await expect(listProjects(null, { sort: 'name', continue: first.continue ?? '' })).rejects.toMatchObject({
    code: 'QUERY_INVALID',
  });
});
