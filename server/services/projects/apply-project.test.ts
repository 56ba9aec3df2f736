import { beforeEach, describe, expect, test } from 'vitest';
import type { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { ProjectPlan } from '../../../contract/schemas/project-preview.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage, terms } from '../../../test/harness/fakes/release-stage.ts';
import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { findSecrets, hideLayers } from '../../domain/masking/hide-layers.ts';
import { parseMetainfo } from '../../domain/metainfo/metainfo.ts';
import type { ApplyProjectOrder } from '../../domain/tasks/task.ts';
import { createRefuseDependents } from '../dependencies/refuse-dependents.ts';
import { createFindRepeated } from '../tasks/find-repeated.ts';
import { type ApplyProjectInput, createApplyProject } from './apply-project.ts';
import { createExportProject } from '../exports/export-project.ts';
import { createExportReleases } from '../exports/export-releases.ts';
import { createJudgeConnections } from './judge-connections.ts';
import { createJudgeMembers } from './judge-members.ts';
import { createPlanProject } from './plan-project.ts';
import { createReadMember } from './read-member.ts';
import { createShowValues } from './show-values.ts';

const metainfo = parseMetainfo('dependencies:\n- {name: db, dependencyOptional: true, aliasConfigVar: config.db}\n');
const signal = new AbortController().signal;
let stage: ReleaseStage;
let digests: Record<string, string>;

beforeEach(async () => {
  stage = createReleaseStage();
  const [db, web] = [await stage.chart('db'), await stage.chart('web', '1.0.0', { metainfo })];
  digests = { db: db.digest, web: web.digest };
});

/** A member of `mall` that is there, at revision 2, from the chart of its own name. */
function present(name: string, spec: JsonObject = {}, given: { revision?: number; status?: 'failed' } = {}) {
  const source = { kind: 'repository', ref: `stable/${name}`, version: '1.0.0', digest: digests[name] ?? '' };
  return stage.release({
    name,
    revision: 2,
    chartName: name,
    releaseConfig: releaseConfig({ project: 'mall', source, repo: 'stable', ...spec }),
    ...given,
  });
}

function parts() {
  const options = { commonValuesWin: false, memoryUnit: 'Gi', ignoreUnknownPlugins: false } as const;
  const readMember = createReadMember({ ...stage, engine: stage.helm });
  const planProject = createPlanProject({
    ...stage,
    store: stage.tasks,
    digestKey: { read: () => Promise.resolve(new Uint8Array(32)) },
    judgeConnections: createJudgeConnections({ ...stage, store: stage.tasks }),
    judgeMembers: createJudgeMembers({ ...stage, ...options, readMember }),
    refuseDependents: createRefuseDependents({ ...stage, isGuarding: true }),
    showValues: createShowValues({ hideLayers: (input) => Promise.resolve(hideLayers(input)) }),
  });
  const applyProject = createApplyProject({
    ...stage,
    planProject,
    findRepeated: createFindRepeated({ store: stage.tasks }),
  });
  const exportReleases = createExportReleases({
    ...stage,
    readMember,
    findSecrets: (input) => Promise.resolve(findSecrets(input)),
  });
  const exportProject = createExportProject({ ...stage, exportReleases });
  return { planProject, applyProject, exportProject };
}

function inputOf(request: ProjectRequest, given: Partial<ApplyProjectInput> = {}): ApplyProjectInput {
  return {
    namespace: 'shop',
    project: 'mall',
    request,
    remove: false,
    deletePvcs: false,
    adopt: false,
    refresh: false,
    waitReady: true,
    allowMissing: false,
    wait: false,
    force: false,
    onFailure: 'stop',
    options: terms(),
    ...given,
  };
}

const apply = (request: ProjectRequest, given: Partial<ApplyProjectInput> = {}) =>
  parts().applyProject(inputOf(request, given), signal);

async function planOf(request: ProjectRequest, given: Partial<ApplyProjectInput> = {}): Promise<ProjectPlan> {
  return (await parts().planProject(inputOf(request, given), signal)).plan;
}

const orders = () => stage.accepted().map(({ order }) => order as ApplyProjectOrder);
const steps = () => orders().flatMap((order) => order.steps);
const named = (name: string, more = {}) => ({ name, chartName: name, ...more });
const shown = (plan: ProjectPlan) => plan.steps.map(({ release, action, reasons }) => [release, action, ...reasons]);

describe('the plan of a project', () => {
  test('installs what is not there, after what it depends on', async () => {
    const plan = await planOf({ releases: [named('web'), named('db')] });
    expect(plan).toMatchObject({ namespace: 'shop', name: 'mall', waves: [['db'], ['web']] });
    expect(plan.steps).toMatchObject([
      {
        release: 'web',
        action: 'install',
        wave: 2,
        after: ['db'],
        reasons: ['NOT_THERE'],
        revision: 0,
        chart: { from: null, to: { name: 'web', version: '1.0.0', digest: digests['web'] } },
        dependencies: { db: 'db' },
        automatic: { db: 'db' },
      },
      { release: 'db', action: 'install', wave: 1, after: [] },
    ]);
    expect(stage.accepted()).toEqual([]);
  });

  test('does nothing with releases that are as they are wanted', async () => {
    await present('db');
    await present('web', { configValues: { a: 1 }, dependencies: { db: 'db' } });
    const request = { releases: [named('web', { configValues: { a: 1 } }), named('db')] };
    const plan = await planOf(request);
    expect(shown(plan)).toEqual([
      ['web', 'none'],
      ['db', 'none'],
    ]);
    expect(plan.waves).toEqual([]);
    expect(await apply(request)).toMatchObject({ task: null, finished: true });
    expect(stage.accepted()).toEqual([]);
  });

  test('takes back what the request does not name', async () => {
    await present('db', { configValues: { a: 1, b: 2 }, releaseLabels: { tier: 'one' }, onFailure: 'hold' });
    const plan = await planOf({ releases: [named('db', { configValues: { a: 1 } })] });
    expect(shown(plan)).toEqual([['db', 'upgrade', 'VALUES_CHANGED', 'LABELS_CHANGED', 'SETTINGS_CHANGED']]);
    expect(plan.steps[0]).toMatchObject({ revision: 2, values: [{ path: '/b', old: 2 }] });
  });

  test('keeps the version of a chart that is named without one, unless refreshed', async () => {
    await present('db');
    const newer = await stage.chart('db', '2.0.0');
    expect(shown(await planOf({ releases: [named('db')] }))).toEqual([['db', 'none']]);
    const plan = await planOf({ releases: [named('db')] }, { refresh: true });
    expect(plan.steps).toMatchObject([
      {
        action: 'upgrade',
        reasons: ['CHART_CHANGED'],
        chart: { from: { version: '1.0.0' }, to: { digest: newer.digest } },
      },
    ]);
  });

  test('leaves releases that are not named, or removes them after everything else, dependents first', async () => {
    await present('db');
    await present('web', { dependencies: { db: 'db' } });
    await stage.chart('cache');
    const request = { releases: [named('cache')] };
    expect(shown(await planOf(request))).toEqual([
      ['cache', 'install', 'NOT_THERE'],
      ['db', 'none', 'NOT_NAMED'],
      ['web', 'none', 'NOT_NAMED'],
    ]);
    const plan = await planOf(request, { remove: true });
    expect(plan.waves).toEqual([['cache'], ['web'], ['db']]);
    expect(plan.steps.slice(1)).toMatchObject([
      { release: 'db', action: 'remove', after: ['web'], reasons: ['NOT_NAMED'] },
      { release: 'web', action: 'remove', after: ['cache'] },
    ]);
  });

  test('connects a release with a member that is not named and stays', async () => {
    await present('db');
    expect((await planOf({ releases: [named('web')] })).steps).toMatchObject([
      { release: 'web', after: [], automatic: { db: 'db' } },
      { release: 'db', action: 'none' },
    ]);
    // An entry of the request wins, also an empty one.
    const without = await planOf({ releases: [named('web', { dependencies: { db: '' } })] });
    expect(without.steps[0]).toMatchObject({ dependencies: {}, automatic: {} });
  });

  test('changes a release that failed, and one that another client changed', async () => {
    await present('db');
    await present('db', {}, { revision: 3, status: 'failed' });
    expect(shown(await planOf({ releases: [named('db')] }))).toEqual([['db', 'upgrade', 'FAILED_BEFORE']]);
  });

  test('has a digest that changes with the request, a chart or a revision, and with nothing else', async () => {
    await present('db');
    const request = { releases: [named('db'), named('web')] };
    const { digest } = await planOf(request);
    expect((await planOf(request, { waitReady: false })).digest).toBe(digest);
    const other = [named('db', { configValues: { password: 'b' } }), named('web')];
    expect((await planOf({ releases: other })).digest).not.toBe(digest);
    await present('db', {}, { revision: 3 });
    expect((await planOf(request)).digest).not.toBe(digest);
  });

  test('of 30 releases reads each of them a few times, several at once', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `db-${i}`);
    for (const name of names) {
      const source = { kind: 'repository', ref: 'stable/db', version: '1.0.0', digest: digests['db'] ?? '' };
      const config = releaseConfig({ project: 'mall', source });
      await stage.release({ name, revision: 2, chartName: 'db', releaseConfig: config });
    }
    const { helm } = stage;
    let [reads, open, most] = [0, 0, 0];
    const counted = async <T>(read: Promise<T>): Promise<T> => {
      reads += 1;
      open += 1;
      most = Math.max(most, open);
      return read.finally(() => (open -= 1));
    };
    const [history, release] = [helm.releaseHistory.bind(helm), helm.getRelease.bind(helm)];
    helm.releaseHistory = (...asked) => counted(history(...asked));
    helm.getRelease = (...asked) => counted(release(...asked));
    const plan = await planOf({ releases: names.map((name) => ({ name, chartName: 'db' })) });
    expect(plan.steps.every(({ action }) => action === 'none')).toBe(true);
    expect(reads).toBeLessThanOrEqual(4 * names.length);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  test('shows no secret', async () => {
    const secrets = { schemas: [], paths: [['password']] };
    const chart = await stage.chart('vault', '1.0.0', { secrets });
    digests = { ...digests, vault: chart.digest };
    const masked = releaseConfig({
      project: 'mall',
      source: { kind: 'repository', ref: 'stable/vault', version: '1.0.0', digest: chart.digest },
      configValues: { password: '***', found: '***' },
    });
    const config = { password: 'hidden-one', found: 'hidden-two' };
    await stage.release({ name: 'vault', revision: 2, chartName: 'vault', releaseConfig: masked, config });
    const releases = [named('vault', { configValues: { password: 'hidden-three', found: 'hidden-four' } })];
    const plan = await planOf({ releases });
    expect(plan.steps[0]?.values).toEqual([
      { path: '/password', old: '***', new: '***' },
      { path: '/found', old: '***', new: '***' },
    ]);
    expect(JSON.stringify(plan)).not.toContain('hidden');
    // Sent back as it is shown, nothing changes.
    const same = [named('vault', { configValues: { password: '***', found: '***' } })];
    expect(shown(await planOf({ releases: same }))).toEqual([['vault', 'none']]);
  });

  test.each<[string, string, ProjectRequest]>([
    ['without a release', 'PROJECT_EMPTY', { releases: [] }],
    ['with a chart that is not there', 'CHART_NOT_FOUND', { releases: [named('db'), named('none')] }],
    ['with a cycle', 'DEPENDENCY_CYCLE', { releases: [named('db', { dependencies: { x: 'web' } }), named('web')] }],
  ])('is refused %s', async (_what, code, request) => {
    await expect(apply(request)).rejects.toMatchObject({ code });
    expect(stage.accepted()).toEqual([]);
  });

  test('is refused for releases of others, unless they are to be adopted', async () => {
    await present('db', { project: '' });
    await expect(planOf({ releases: [named('db')] })).rejects.toMatchObject({ code: 'RELEASE_EXISTS' });
    expect(shown(await planOf({ releases: [named('db')] }, { adopt: true }))).toEqual([['db', 'upgrade', 'ADOPTED']]);
    await present('db', { project: 'other' }, { revision: 3 });
    const elsewhere = planOf({ releases: [named('db')] }, { adopt: true });
    await expect(elsewhere).rejects.toMatchObject({ code: 'MEMBER_ELSEWHERE' });
  });

  test('is refused if something would be removed that others depend on, by what they are and by what they will be', async () => {
    await present('db');
    await present('web', { dependencies: { db: 'db' } });
    const remove = { remove: true };
    const needing = { releases: [named('web', { dependencies: { db: 'db' } })] };
    await expect(planOf(needing, remove)).rejects.toMatchObject({ code: 'RELEASE_HAS_DEPENDENTS' });
    expect(shown(await planOf({ releases: [named('web')] }, remove))).toEqual([
      ['web', 'upgrade', 'DEPENDENCIES_CHANGED'],
      ['db', 'remove', 'NOT_NAMED'],
    ]);
    await present('web', { project: '', dependencies: { db: 'db' } }, { revision: 3 });
    await stage.chart('cache');
    const outside = planOf({ releases: [named('cache')] }, remove);
    await expect(outside).rejects.toMatchObject({ code: 'RELEASE_HAS_DEPENDENTS' });
    expect(shown(await planOf({ releases: [named('cache')] }, { remove: true, force: true }))).toHaveLength(2);
  });
});

describe('a project that is applied', () => {
  test('is one task whose steps are complete requests, at the charts and revisions of the plan', async () => {
    await present('db', { configValues: { a: 1 } });
    await apply({ commonValues: { zone: 'a' }, releases: [named('db'), named('web')] });
    expect(stage.accepted()).toMatchObject([{ project: 'mall', release: '', order: { kind: 'applyProject' } }]);
    expect(orders()).toMatchObject([{ onFailure: 'stop', guarded: false }]);
    const membership = { project: 'mall', commonValues: { zone: 'a' } };
    expect(steps()).toMatchObject([
      {
        release: 'db',
        after: [],
        seen: 2,
        order: { kind: 'upgrade', complete: 'member', origin: { digest: digests['db'] }, membership },
      },
      {
        release: 'web',
        after: ['db'],
        seen: 0,
        order: { kind: 'install', origin: { digest: digests['web'] }, membership },
      },
    ]);
    expect(await stage.archives.list('shop')).toHaveLength(2);
  });

  test('removes last, and keeps claims unless told', async () => {
    await present('db');
    await stage.chart('cache');
    await apply({ releases: [named('cache')] }, { remove: true });
    expect(steps().at(-1)).toMatchObject({
      release: 'db',
      after: ['cache'],
      order: { kind: 'delete', deletePvcs: false, ignoreNotFound: true },
    });
  });

  test('is refused with the new plan if the plan that was seen is another one', async () => {
    const request = { releases: [named('db')] };
    const { digest } = await planOf(request);
    await present('db', { configValues: { a: 1 } });
    const stale = { code: 'PLAN_STALE', details: { plan: { steps: [{ release: 'db', action: 'upgrade' }] } } };
    await expect(apply(request, { plan: digest })).rejects.toMatchObject(stale);
    expect(stage.accepted()).toEqual([]);
    const { digest: now } = await planOf(request);
    await apply(request, { plan: now });
    expect(orders()).toMatchObject([{ guarded: true }]);
  });

  test('is the same task when it is sent again with its key, whatever has happened since', async () => {
    const options = terms({ idempotencyKey: 'once' });
    const first = await apply({ releases: [named('db')] }, { options });
    await present('db');
    expect(await apply({ releases: [named('db')] }, { options })).toEqual(first);
    expect(stage.accepted()).toHaveLength(1);
  });

  test('follows a change that has not ended, whatever that will have left', async () => {
    await present('db');
    const brought = [{ release: 'cache', after: [], seen: 0, order: orderOf('install') }];
    await stage.tasks.create(
      taskWith({
        id: 'before',
        namespace: 'shop',
        release: '',
        project: 'mall',
        order: { kind: 'applyProject', steps: brought, onFailure: 'stop', guarded: false },
      }),
    );
    const plan = await planOf({ releases: [named('db'), named('web')] }, { remove: true });
    expect(shown(plan)).toEqual([
      ['db', 'upgrade', 'UNDER_WAY'],
      ['web', 'install', 'NOT_THERE', 'UNDER_WAY'],
      ['cache', 'remove', 'NOT_NAMED'],
    ]);
    await apply({ releases: [named('db'), named('web')] }, { remove: true });
    const mine = orders().at(-1)?.steps;
    expect(mine?.map(({ order: own }) => [own.kind, 'upsert' in own && own.upsert])).toEqual([
      ['upgrade', true],
      ['install', true],
      ['delete', false],
    ]);
  });

  test.each<[string[], string, Partial<ApplyProjectInput>]>([
    [['create shop'], 'db', {}],
    [['update shop'], 'web', {}],
    [['create shop', 'update shop'], 'web', { remove: true }],
  ])('takes the rights of every step: %s is not enough', async (rights, name, given) => {
    stage = createReleaseStage(rights);
    const [db, web] = [await stage.chart('db'), await stage.chart('web')];
    digests = { db: db.digest, web: web.digest };
    await present('db', { configValues: { a: 1 } });
    const options = terms({ caller: stage.ann });
    const refused = planOf({ releases: [named(name)] }, { options, ...given });
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a project that is exported', () => {
  const exported = async (secrets = false, given = {}) =>
    parts().exportProject(
      { namespace: 'shop', project: 'mall', secrets, caller: null, requestId: 'r', ...given },
      signal,
    );

  test('is the request that changes nothing', async () => {
    const spec = {
      configValues: { a: 1 },
      commonValues: { zone: 'a' },
      releaseLabels: { tier: 'one', 'Project-Name': 'mall' },
      removedLabels: ['shipped'],
      outputs: { address: 'service:db.address' },
      onFailure: 'hold',
      strategy: { type: 'Recreate' },
    };
    await present('db', spec);
    // It does not depend on db, though its chart would.
    await present('web', { commonValues: { zone: 'a' } });
    const { exported: project, warnings } = await exported();
    expect(project).toEqual({
      kind: 'Project',
      namespace: 'shop',
      name: 'mall',
      commonValues: { zone: 'a' },
      releases: [
        {
          name: 'db',
          repoName: 'stable',
          chartName: 'db',
          chartVersion: '1.0.0',
          configValues: { a: 1 },
          releaseLabels: { tier: 'one', shipped: '' },
          outputs: { address: 'service:db.address' },
          onFailure: 'hold',
          strategy: { type: 'Recreate' },
        },
        { name: 'web', repoName: 'stable', chartName: 'web', chartVersion: '1.0.0', dependencies: { db: '' } },
      ],
    });
    expect(warnings).toEqual([]);
    expect(shown(await planOf(project))).toEqual([
      ['db', 'none'],
      ['web', 'none'],
    ]);
  });

  test('shows secrets only to who asks for them and may get Secrets', async () => {
    const chart = await stage.chart('vault', '1.0.0', { secrets: { schemas: [], paths: [['password']] } });
    const source = { kind: 'archive', ref: 'vault.tgz', version: '1.0.0', digest: chart.digest };
    const masked = releaseConfig({ project: 'mall', source, configValues: { password: '***' } });
    const config = { password: 'hidden-one' };
    await stage.release({ name: 'vault', revision: 2, chartName: 'vault', releaseConfig: masked, config });
    const { exported: project, warnings } = await exported();
    expect(project.releases).toEqual([{ name: 'vault', configValues: { password: '***' } }]);
    expect(warnings).toMatchObject([{ code: 'CHART_NOT_EXPORTED' }]);
    expect(shown(await planOf(project))).toEqual([['vault', 'none']]);
    const { exported: open } = await exported(true);
    expect(open.releases).toMatchObject([{ configValues: config }]);
    stage = createReleaseStage(['list shop', 'list secrets shop']);
    const refused = exported(true, { caller: stage.ann });
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('has to be there', async () => {
    await expect(exported()).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  });
});
