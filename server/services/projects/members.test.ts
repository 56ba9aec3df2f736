import { beforeEach, describe, expect, test } from 'vitest';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../test/harness/fakes/release-stage.ts';
import { parseMetainfo } from '../../domain/metainfo/metainfo.ts';
import type { ChangeProjectOrder } from '../../domain/tasks/task.ts';
import { createRefuseDependents } from '../dependencies/refuse-dependents.ts';
import { createFindRepeated } from '../tasks/find-repeated.ts';
import type { ApplyInput } from '../tasks/release-mutation.ts';
import { type AddMembersInput, createAddMembers } from './add-members.ts';
import { createJudgeConnections } from './judge-connections.ts';
import { createJudgeMembers } from './judge-members.ts';
import { createReadMember } from './read-member.ts';
import { createRemoveMember, type RemoveMemberInput } from './remove-member.ts';
import { createUpgradeMember } from './upgrade-member.ts';

const metainfo = parseMetainfo('dependencies:\n- {name: db, dependencyOptional: true, aliasConfigVar: config.db}\n');
const signal = new AbortController().signal;
let stage: ReleaseStage;
let digests: Record<string, string>;

beforeEach(async () => {
  stage = createReleaseStage();
  const [db, web] = [await stage.chart('db'), await stage.chart('web', '1.0.0', { metainfo })];
  digests = { db: db.digest, web: web.digest };
});

/** A member of `mall` that is there, made from the chart of its own name unless another is named. */
function present(
  name: string,
  given: { chart?: string; project?: string; dependencies?: Record<string, string> } = {},
) {
  const { chart = name, project = 'mall', dependencies = {} } = given;
  const source = { kind: 'archive', ref: `${chart}.tgz`, version: '1.0.0', digest: digests[chart] ?? '' };
  const injected = Object.entries(dependencies).map(([key, provider]) => ({
    key,
    provider: `shop/${provider}`,
    digest: 'd',
    revision: 1,
    outputs: {},
  }));
  return stage.release({
    name,
    revision: 2,
    chartName: chart,
    releaseConfig: releaseConfig({ project, source, dependencies, injected }),
  });
}

function add(request: ProjectRequest, given: Partial<AddMembersInput> = {}) {
  const options = { commonValuesWin: false, memoryUnit: 'Gi', ignoreUnknownPlugins: false } as const;
  const readMember = createReadMember({ ...stage, engine: stage.helm });
  const addMembers = createAddMembers({
    ...stage,
    findRepeated: createFindRepeated({ store: stage.tasks }),
    readMember,
    judgeMembers: createJudgeMembers({ ...stage, ...options, readMember }),
    judgeConnections: createJudgeConnections({ ...stage, store: stage.tasks }),
  });
  const place = { namespace: 'shop', project: 'mall', adopt: false, waitReady: true, allowMissing: false };
  return addMembers({ ...place, request, options: terms(), ...given }, signal);
}

const steps = () => stage.accepted().flatMap(({ order }) => (order as ChangeProjectOrder).steps);
const named = (name: string, more = {}) => ({ name, chartName: name, ...more });

describe('releases that are added to a project', () => {
  test('are installed as members, connected with those that are there', async () => {
    await present('db');
    await add({ commonValues: { zone: 'a' }, releases: [named('web')] });
    expect(stage.accepted()).toMatchObject([{ project: 'mall', release: '', order: { kind: 'changeProject' } }]);
    expect(steps()).toMatchObject([
      {
        release: 'web',
        after: [],
        order: {
          kind: 'install',
          request: { dependencies: { db: 'db' } },
          origin: { kind: 'repository' },
          membership: { project: 'mall', commonValues: { zone: 'a' } },
        },
      },
    ]);
    expect(await stage.archives.list('shop')).toHaveLength(1);
  });

  test('become dependencies of members whose chart wants theirs and that have none, after they are installed', async () => {
    await present('web');
    await present('own', { chart: 'web', dependencies: { db: 'other' } });
    await add({ releases: [named('db')] });
    expect(steps()).toMatchObject([
      { release: 'db', after: [], order: { kind: 'install' } },
      {
        release: 'web',
        after: ['db'],
        order: { kind: 'upgrade', request: { name: 'web', dependencies: { db: 'db' } }, origin: null },
      },
    ]);
  });

  test('may be members already: these are upgraded, keep what they depend on and their common values', async () => {
    await present('web', { dependencies: { db: 'other' } });
    await add({ releases: [{ name: 'web', configValues: { a: 1 } }, named('db')] });
    const [web] = steps().filter(({ release }) => release === 'web');
    expect(web).toMatchObject({ order: { kind: 'upgrade', request: { configValues: { a: 1 } }, origin: null } });
    expect(web?.order).not.toHaveProperty('membership');
    expect(JSON.stringify(web)).not.toContain('"db":"db"');
  });

  test('make a project that does not exist', async () => {
    await add({ releases: [named('web'), named('db')] });
    expect(steps()).toMatchObject([
      { release: 'web', after: ['db'] },
      { release: 'db', after: [] },
    ]);
  });

  test('are refused if they are not members; with adopt they become some', async () => {
    await present('db', { project: '' });
    await expect(add({ releases: [named('db')] })).rejects.toMatchObject({ code: 'RELEASE_EXISTS' });
    expect(stage.accepted()).toEqual([]);
    await add({ releases: [named('db')] }, { adopt: true });
    expect(steps()).toMatchObject([{ order: { kind: 'upgrade', membership: { project: 'mall' } } }]);
  });

  test('are connected with those that this replica does not show yet', async () => {
    await present('db');
    await stage.cache.remove('shop/db');
    await add({ releases: [named('web')] });
    expect(steps()).toMatchObject([{ order: { request: { dependencies: { db: 'db' } } } }]);
  });

  test('are refused if they are members of another project', async () => {
    await present('db', { project: 'other' });
    const elsewhere = { code: 'MEMBER_ELSEWHERE', details: { project: 'other' } };
    await expect(add({ releases: [named('db')] }, { adopt: true })).rejects.toMatchObject(elsewhere);
  });

  test('are the same task when they are sent again with their key', async () => {
    const options = terms({ idempotencyKey: 'once' });
    const first = await add({ releases: [named('db')] }, { options });
    await present('db');
    expect(await add({ releases: [named('db')] }, { options })).toEqual(first);
    expect(stage.accepted()).toHaveLength(1);
  });

  test.each<[string, string, ProjectRequest]>([
    ['without one', 'PROJECT_EMPTY', { releases: [] }],
    ['with a chart that is not there', 'CHART_NOT_FOUND', { releases: [named('none')] }],
    ['with a cycle', 'DEPENDENCY_CYCLE', { releases: [named('db', { dependencies: { x: 'web' } }), named('web')] }],
  ])('are refused %s', async (_what, code, request) => {
    await expect(add(request)).rejects.toMatchObject({ code });
    expect(stage.accepted()).toEqual([]);
  });
});

describe('a release that is removed from a project', () => {
  const remove = (given: Partial<RemoveMemberInput> = {}) => {
    const removeMember = createRemoveMember({
      ...stage,
      store: stage.tasks,
      refuseDependents: createRefuseDependents({ ...stage, isGuarding: true }),
    });
    const place = { namespace: 'shop', project: 'mall', release: 'db', options: terms() };
    const flags = { deletePvcs: false, keepHistory: false, ignoreNotFound: false, unwire: false, force: false };
    return removeMember({ ...place, ...flags, ...given }, signal);
  };

  test('is deleted', async () => {
    await present('db');
    await remove({ deletePvcs: true });
    expect(steps()).toMatchObject([{ release: 'db', after: [], order: { kind: 'delete', deletePvcs: true } }]);
  });

  test('is refused while others depend on it, unless these are upgraded first, or force', async () => {
    await present('db');
    await present('web', { dependencies: { db: 'db' } });
    await expect(remove()).rejects.toMatchObject({ code: 'RELEASE_HAS_DEPENDENTS' });
    await remove({ unwire: true });
    expect(steps()).toMatchObject([
      { release: 'web', after: [], order: { kind: 'upgrade', request: { dependencies: { db: '' } } } },
      { release: 'db', after: ['web'], order: { kind: 'delete' } },
    ]);
    await remove({ force: true });
    expect(steps()).toHaveLength(3);
  });

  test('is looked for in the cluster, and so are those that depend on it', async () => {
    await present('db');
    await present('web', { dependencies: { db: 'db' } });
    await Promise.all([stage.cache.remove('shop/db'), stage.cache.remove('shop/web')]);
    await remove({ unwire: true, ignoreNotFound: true });
    expect(steps().map(({ release }) => release)).toEqual(['web', 'db']);
  });

  test('is refused even so if a release outside of the project depends on it', async () => {
    await present('db');
    await present('web', { project: '', dependencies: { db: 'db' } });
    await expect(remove({ unwire: true })).rejects.toMatchObject({ code: 'RELEASE_HAS_DEPENDENTS' });
  });

  test('has to be a member, unless that does not matter', async () => {
    await expect(remove()).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    await present('web');
    await expect(remove()).rejects.toMatchObject({ code: 'MEMBER_NOT_FOUND' });
    expect(await remove({ ignoreNotFound: true })).toMatchObject({ task: null, finished: true });
    expect(stage.accepted()).toEqual([]);
  });
});

describe('the upgrade of a release of a project', () => {
  test('is an upgrade of the release, if that is a member', async () => {
    const upgraded: ApplyInput[] = [];
    const upgradeMember = createUpgradeMember({
      ...stage,
      upgradeRelease: (input) => {
        upgraded.push(input);
        return Promise.resolve({ task: null, finished: true, warnings: [] });
      },
    });
    const upgrade = (name: string) =>
      upgradeMember(
        {
          namespace: 'shop',
          project: 'mall',
          request: { name },
          createNamespace: false,
          crds: 'create',
          waitReady: true,
          allowMissing: false,
          options: terms(),
        },
        signal,
      );
    await expect(upgrade('db')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    await present('web');
    await expect(upgrade('db')).rejects.toMatchObject({ code: 'MEMBER_NOT_FOUND' });
    await upgrade('web');
    expect(upgraded).toMatchObject([{ namespace: 'shop', request: { name: 'web' } }]);
  });
});
