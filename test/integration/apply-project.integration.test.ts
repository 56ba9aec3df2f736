import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ProjectInfo } from '../../contract/schemas/project.ts';
import type { ProjectPlan } from '../../contract/schemas/project-preview.ts';
import type { TaskInfo } from '../../contract/schemas/task.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';
import { startWalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, server, repository } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'applied-projects';
const small = { replicas: 1 };
const broker = { name: 'broker', chartName: 'kafka', configValues: { ...small, extra: 'mine' } };
const coordinator = { name: 'coordinator', chartName: 'zookeeper', configValues: small };
const quick = { waitReady: false };

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => kube.close());

const pathOf = (project: string) => `/api/v1/project/${namespace}/name/${project}`;

function apply(project: string, body: object, query = {}, by = api): Promise<ApiAnswer> {
  const headers = { 'content-type': 'application/json' };
  return by.send('PUT', pathOf(project), { query, headers, body: JSON.stringify(body) });
}

async function planOf(project: string, body: object, query = {}): Promise<ProjectPlan> {
  const answer = await apply(project, body, { ...query, dryrun: true });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as ProjectPlan;
}

async function versions(project: string, by = api): Promise<string[]> {
  const { body } = (await by.send('GET', pathOf(project))) as ApiAnswer<ProjectInfo>;
  return body.releases.map(({ name, version }) => `${name} ${version}`);
}

const shown = ({ steps }: ProjectPlan) => steps.map(({ release, action, reasons }) => [release, action, ...reasons]);

describe('a project', () => {
  test('becomes what is asked for, by the plan that was seen', async () => {
    const body = { commonValues: { shared: 'all' }, releases: [broker, coordinator] };
    const plan = await planOf('shop', body);
    expect(plan.waves).toEqual([['coordinator'], ['broker']]);
    expect(plan.steps).toMatchObject([
      { release: 'broker', action: 'install', after: ['coordinator'], automatic: { zookeeper: 'coordinator' } },
      { release: 'coordinator', action: 'install' },
    ]);
    const answer = await apply('shop', body, { plan: plan.digest });
    expect(answer.status, answer.text).toBe(200);
    expect(await versions('shop')).toEqual(['broker 1', 'coordinator 1']);
    expect((await api.get(namespace, 'broker')).body).toMatchObject({
      dependencies: { zookeeper: 'coordinator' },
      computedValues: { shared: 'all', extra: 'mine', zookeeper: { client: { zookeeper_port: '2181' } } },
    });
  });

  test('stays as it is when the same is asked for again', async () => {
    const body = { commonValues: { shared: 'all' }, releases: [broker, coordinator] };
    expect(shown(await planOf('shop', body))).toEqual([
      ['broker', 'none'],
      ['coordinator', 'none'],
    ]);
    const answer = await apply('shop', body);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('walm-task-id')).toBeNull();
    expect(await versions('shop')).toEqual(['broker 1', 'coordinator 1']);
  });

  test('changes where the request differs, and forgets what that does not name', async () => {
    const releases = [{ ...broker, configValues: small }, coordinator];
    const plan = await planOf('shop', { commonValues: { shared: 'all' }, releases });
    expect(shown(plan)).toEqual([
      ['broker', 'upgrade', 'VALUES_CHANGED'],
      ['coordinator', 'none'],
    ]);
    expect(plan.steps[0]).toMatchObject({ revision: 1, values: [{ path: '/extra', old: 'mine' }] });
    const answer = await apply('shop', { commonValues: { shared: 'all' }, releases });
    expect(answer.status, answer.text).toBe(200);
    expect(await versions('shop')).toEqual(['broker 2', 'coordinator 1']);
    expect((await api.get(namespace, 'broker')).body.configValues).toEqual(small);
  });

  test('is not changed by a plan that is not true any more', async () => {
    const body = { commonValues: { shared: 'other' }, releases: [broker, coordinator] };
    const { digest } = await planOf('shop', body);
    const upgraded = await api.send('PUT', `/api/v1/release/${namespace}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'coordinator', configValues: { note: 'else' } }),
    });
    expect(upgraded.status, upgraded.text).toBe(200);
    const answer = await apply('shop', body, { plan: digest });
    expect(answer.status, answer.text).toBe(409);
    expect(problemOf(answer)).toMatchObject({ code: 'PLAN_STALE', details: { plan: { waves: expect.any(Array) } } });
    expect(await versions('shop')).toEqual(['broker 2', 'coordinator 2']);
  });

  test('loses releases that are not named only if that is said, and others do not need them', async () => {
    const releases = [{ ...broker, dependencies: { zookeeper: '' } }];
    expect(shown(await planOf('shop', { releases }))).toContainEqual(['coordinator', 'none', 'NOT_NAMED']);
    const needed = await apply(
      'shop',
      { releases: [{ ...broker, dependencies: { zookeeper: 'coordinator' } }] },
      { remove: true },
    );
    expect([needed.status, problemOf(needed).code]).toEqual([409, 'RELEASE_HAS_DEPENDENTS']);
    const answer = await apply('shop', { releases }, { remove: true, deletePvcs: true });
    expect(answer.status, answer.text).toBe(200);
    expect(await versions('shop')).toEqual(['broker 3']);
    expect((await api.get(namespace, 'broker')).body.dependencies).toEqual({});
  });
});

const good = { name: 'good', chartName: 'schema' };
const bad = {
  name: 'bad',
  chartName: 'hooks',
  configValues: { failing: 'pre-install' },
  dependencies: { any: 'good' },
};
const last = { name: 'last', chartName: 'schema', dependencies: { any: 'bad' } };

test('a project whose step fails says how far it got, and the same request without the fault does the rest', async () => {
  const failed = await apply('broken', { releases: [good, bad, last] }, quick);
  expect(failed.status, failed.text).toBe(422);
  expect(problemOf(failed)).toMatchObject({
    code: 'HOOK_FAILED',
    details: {
      release: 'bad',
      steps: [
        { release: 'good', action: 'install', state: 'done', revision: 1 },
        { release: 'bad', action: 'install', state: 'failed', error: { code: 'HOOK_FAILED' } },
        { release: 'last', action: 'install', state: 'notBegun' },
      ],
    },
  });
  const mended = { releases: [good, { ...bad, configValues: {} }, last] };
  expect(shown(await planOf('broken', mended))).toEqual([
    ['good', 'none'],
    ['bad', 'install', 'NOT_THERE'],
    ['last', 'install', 'NOT_THERE'],
  ]);
  const answer = await apply('broken', mended, quick);
  expect(answer.status, answer.text).toBe(200);
  expect(await versions('broken')).toEqual(['bad 1', 'good 1', 'last 1']);
});

test('with rollback, a project whose step fails is as it was before', async () => {
  const old = { name: 'old', chartName: 'schema', releaseLabels: { tier: 'one' } };
  expect((await apply('undone', { releases: [old] }, quick)).status).toBe(200);
  const releases = [
    { ...old, releaseLabels: { tier: 'two' } },
    { ...good, name: 'fresh', dependencies: { any: 'old' } },
    { ...bad, name: 'faulty', dependencies: { any: 'fresh' } },
  ];
  const failed = await apply('undone', { releases }, { ...quick, onFailure: 'rollback' });
  expect(failed.status, failed.text).toBe(422);
  expect(problemOf(failed).details['steps']).toMatchObject([
    { release: 'old', state: 'undone' },
    { release: 'fresh', state: 'undone' },
    { release: 'faulty', state: 'failed' },
  ]);
  expect(await versions('undone')).toEqual(['old 3']);
  expect((await api.get(namespace, 'fresh')).status).toBe(404);
});

test('a project is written down as the request that changes nothing', async () => {
  const releases = [
    { ...coordinator, name: 'written', releaseLabels: { tier: 'one' }, onFailure: 'hold' },
    { ...broker, name: 'apart', dependencies: { zookeeper: '' } },
  ];
  const made = await apply('written', { commonValues: { shared: 'all' }, releases }, quick);
  expect(made.status, made.text).toBe(200);
  const { status, text, body } = await api.send('GET', `${pathOf('written')}/export`);
  expect(status, text).toBe(200);
  expect(body).toMatchObject({
    kind: 'Project',
    commonValues: { shared: 'all' },
    releases: [
      { name: 'apart', chartName: 'kafka', chartVersion: expect.any(String), dependencies: { zookeeper: '' } },
      { name: 'written', releaseLabels: { tier: 'one' }, onFailure: 'hold' },
    ],
  });
  const plan = await planOf('written', body as object);
  expect(shown(plan)).toEqual([
    ['apart', 'none'],
    ['written', 'none'],
  ]);
  expect(plan.warnings).toEqual([]);

  const headers = { accept: 'application/yaml' };
  const yaml = await api.send('GET', `${pathOf('written')}/export`, { headers });
  expect([yaml.headers.get('content-type'), parse(yaml.text)]).toEqual(['application/yaml', body]);
  const { releases: written } = body as { releases: { name: string }[] };
  const alone = await api.send('GET', `/api/v1/release/${namespace}/name/written/export`);
  expect(alone.body).toMatchObject({ kind: 'Release', name: 'written', commonValues: { shared: 'all' } });
  expect(alone.body).toMatchObject({ releases: [written[1]] });
  const whole = await api.send('GET', `/api/v1/release/${namespace}/export`);
  expect(whole.status, whole.text).toBe(200);
  expect((whole.body as { projects: object[] }).projects).toContainEqual(body);
});

test('a project is paused, recovered and restarted as a whole', async () => {
  const releases = [good, { ...last, dependencies: { any: 'lower' } }].map((one, at) => ({
    ...one,
    name: at === 0 ? 'lower' : 'upper',
  }));
  expect((await apply('operated', { releases }, quick)).status).toBe(200);
  const operate = (verb: string) => api.send('POST', `${pathOf('operated')}/${verb}`);
  const paused = async () =>
    Promise.all(['lower', 'upper'].map(async (name) => (await api.get(namespace, name)).body.paused));
  const answer = await operate('pause');
  expect(answer.status, answer.text).toBe(200);
  expect(await paused()).toEqual([true, true]);
  const refused = await operate('restart');
  expect([refused.status, problemOf(refused).code]).toEqual([409, 'RELEASE_PAUSED']);
  expect((await operate('recover')).status).toBe(200);
  expect(await paused()).toEqual([false, false]);
  const idle = await operate('recover');
  expect([idle.status, idle.headers.get('walm-task-id')]).toEqual([200, null]);
  expect((await operate('restart')).status).toBe(200);
});

test('a project that was accepted becomes what was asked for although the server is killed on the way', async () => {
  const flags = ['--kubernetes-system-namespace=walm-applied', '--leadership-lease-sec=3', '--leadership-renew-sec=1'];
  const own = { kubeconfig, repositories: [repository], flags };
  const first = await startWalmServer(own);
  const by = createWalmApi(first.url);
  expect((await apply('killed', { releases: [{ ...good, name: 'gone' }] }, quick, by)).status).toBe(200);
  const releases = [
    { name: 'slow', chartName: 'hooks', configValues: { slowSeconds: 2 } },
    { name: 'after', chartName: 'schema', dependencies: { any: 'slow' } },
  ];
  const accepted = await apply('killed', { releases }, { ...quick, async: true, remove: true }, by);
  expect(accepted.status, accepted.text).toBe(202);
  const { task } = accepted.body as { task: TaskInfo };
  expect(task).toMatchObject({ operation: 'applyProject', project: 'killed', release: '' });
  await first.kill();
  const second = await startWalmServer({ ...own, after: first });
  try {
    const again = createWalmApi(second.url);
    const ended = await eventually(async () => {
      const { body } = await again.task(task.id);
      expect(body.finishedAt).toBeDefined();
      return body;
    });
    expect(ended.error).toBeUndefined();
    expect(await versions('killed', again)).toEqual(['after 1', 'slow 1']);
  } finally {
    await second.stop();
  }
});
