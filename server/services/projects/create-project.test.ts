import { beforeEach, describe, expect, test } from 'vitest';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../test/harness/fakes/release-stage.ts';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { parseMetainfo } from '../../domain/metainfo/metainfo.ts';
import type { CreateProjectOrder, Task } from '../../domain/tasks/task.ts';
import type { ApplyProjectInput } from './apply-project.ts';
import { createCreateProject, type CreateProjectInput } from './create-project.ts';
import { createJudgeConnections } from './judge-connections.ts';
import { createJudgeMembers } from './judge-members.ts';
import { createReadMember } from './read-member.ts';

const metainfo = parseMetainfo('dependencies:\n- {name: db, dependencyOptional: false, aliasConfigVar: config.db}\n');

let stage: ReleaseStage;
let applied: ApplyProjectInput[];

beforeEach(async () => {
  stage = createReleaseStage();
  applied = [];
  await stage.chart('db');
  await stage.chart('web', '1.0.0', { metainfo });
});

const member = (name: string, more = {}) => ({ name, chartName: name, ...more });
const shop: ProjectRequest = {
  commonValues: { zone: 'a' },
  releases: [member('web', { dependencies: { db: 'db' } }), member('db', { configValues: { zone: 'b' } })],
};

function create(request: ProjectRequest, given: Partial<CreateProjectInput> = {}, commonValuesWin = false) {
  const readMember = createReadMember({ ...stage, engine: stage.helm });
  const options = { commonValuesWin, memoryUnit: 'Gi', ignoreUnknownPlugins: false } as const;
  const judgeMembers = createJudgeMembers({ ...stage, ...options, readMember });
  const judgeConnections = createJudgeConnections({ ...stage, store: stage.tasks });
  const applyProject = (input: ApplyProjectInput) => {
    applied.push(input);
    return Promise.resolve({ task: null, finished: true, warnings: [] });
  };
  const own = { judgeMembers, judgeConnections, applyProject, store: stage.tasks };
  const createProject = createCreateProject({ ...stage, ...own });
  const place = { namespace: 'shop', project: 'mall', waitReady: true, allowMissing: false };
  return createProject({ ...place, request, options: terms(), ...given }, new AbortController().signal);
}

const installs = () =>
  stage.accepted().flatMap(({ order }) => (order as CreateProjectOrder).installs.map((install) => install));

describe('a project', () => {
  test('is one durable task that installs each release after those it depends on, with the common values', async () => {
    expect(await create(shop)).toMatchObject({ finished: false, task: { operation: 'createProject' } });
    expect(stage.accepted()).toMatchObject([{ project: 'mall', release: '', state: 'queued' }]);
    expect(installs()).toMatchObject([
      {
        release: 'web',
        after: ['db'],
        order: {
          kind: 'install',
          origin: { kind: 'repository', ref: 'stable/web' },
          waitReady: true,
          membership: { project: 'mall', commonValues: { zone: 'a' } },
        },
      },
      { release: 'db', after: [], order: { request: { configValues: { zone: 'b' } } } },
    ]);
    expect(await stage.archives.list('shop')).toHaveLength(2);
  });

  test('is not there if only this replica still shows releases of it', async () => {
    await stage.release({ name: 'old', releaseConfig: releaseConfig({ project: 'mall' }) });
    await expect(create(shop)).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
    await stage.current.remove('shop/old');
    expect(await create(shop)).toMatchObject({ task: { operation: 'createProject' } });
  });

  test('who waits is answered with its end', async () => {
    const waiting = { options: terms({ waiting: {} }) };
    expect(await create(shop, waiting)).toMatchObject({ finished: true, task: { state: 'succeeded' } });
    stage.outcome.task = { state: 'failed', error: { code: 'HOOK_FAILED', message: 'no', details: {} } };
    await expect(create(shop, { ...waiting, project: 'other' })).rejects.toMatchObject({ code: 'HOOK_FAILED' });
  });

  test('has common values that win over those of its releases where the original Walm is wanted', async () => {
    await create(shop, {}, true);
    expect(installs().map(({ order }) => [order.request.configValues, order.membership?.commonValues])).toEqual([
      [{ zone: 'a' }, {}],
      [{ zone: 'a' }, {}],
    ]);
  });

  test('that is sent again with its key is the same one, though its releases are there by then', async () => {
    const options = terms({ idempotencyKey: 'once' });
    const first = await create(shop, { options });
    await stage.release({ name: 'db', releaseConfig: releaseConfig({ project: 'mall' }) });
    expect(await create(shop, { options })).toEqual(first);
    expect(stage.accepted()).toHaveLength(1);
  });
});

describe('a project whose creation failed', () => {
  const failed = (changes: Partial<Task> = {}) =>
    stage.tasks.create(
      taskWith({ id: 'p', release: '', project: 'mall', state: 'failed', order: orderOf('createProject'), ...changes }),
    );

  test('is applied when it is sent again, as long as it has no other releases', async () => {
    await stage.release({ name: 'db', releaseConfig: releaseConfig({ project: 'mall' }) });
    await failed();
    await create(shop, { options: terms({ force: true }) });
    expect(applied).toMatchObject([{ project: 'mall', request: shop, remove: false, adopt: false, force: true }]);
    await stage.release({ name: 'other', releaseConfig: releaseConfig({ project: 'mall' }) });
    await expect(create(shop)).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
    expect(stage.accepted()).toHaveLength(1);
  });

  test.each<[string, Partial<Task>]>([
    ['succeeded', { state: 'succeeded' }],
    ['was another change', { order: orderOf('changeProject') }],
  ])('is another one than one whose latest change %s', async (_what, changes) => {
    await stage.release({ name: 'db', releaseConfig: releaseConfig({ project: 'mall' }) });
    await failed(changes);
    await expect(create(shop)).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
    expect(applied).toEqual([]);
  });
});

describe('before anything is written a project is refused', () => {
  test.each<[string, string, ProjectRequest, Partial<CreateProjectInput>?]>([
    ['without releases', 'PROJECT_EMPTY', {}],
    ['with no release', 'PROJECT_EMPTY', { releases: [] }],
    ['in a namespace that is not there', 'NAMESPACE_NOT_FOUND', shop, { namespace: 'none' }],
    ['with a chart that is not there', 'CHART_NOT_FOUND', { releases: [member('none')] }],
    ['with a release without a chart', 'CHART_MISSING', { releases: [{ name: 'web' }] }],
    [
      'with a provider that is neither there nor coming',
      'DEPENDENCY_NOT_FOUND',
      { releases: [member('web', { dependencies: { db: 'other' } })] },
    ],
    [
      'with warnings where it is strict',
      'REQUEST_INVALID',
      { releases: [member('db', { plugins: [{ name: 'NoSuchPlugin', version: '1.0', args: '' }] })] },
      { options: terms({ strict: true }) },
    ],
    [
      'with more common values than all its releases may copy',
      'BODY_TOO_LARGE',
      { commonValues: { text: 'x'.repeat(9 * 1024 * 1024) }, releases: [member('web'), member('db')] },
    ],
  ])('%s', async (_what, code, request, given) => {
    await expect(create(request, given)).rejects.toMatchObject({ code });
    expect(stage.accepted()).toEqual([]);
    expect(await stage.archives.list('shop')).toEqual([]);
  });

  test('that exists, or one of whose releases does', async () => {
    await stage.release({ name: 'db', revision: 3 });
    await expect(create(shop)).rejects.toMatchObject({ code: 'RELEASE_EXISTS', details: { revision: 3 } });
    await stage.release({ name: 'old', releaseConfig: releaseConfig({ project: 'mall' }) });
    await expect(create(shop)).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
    expect(stage.accepted()).toEqual([]);
  });
});
