import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { ProjectInfo, ProjectInfoList } from '../../contract/schemas/project.ts';
import type { TaskInfo } from '../../contract/schemas/task.ts';
import { eventually } from '../harness/eventually.ts';
import { type ClusterObject, createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';
import { startWalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, server, repository } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'projects';
const small = { replicas: 1 };
const pair = [
  { name: 'broker', chartName: 'kafka', configValues: { ...small, extra: 'mine' } },
  { name: 'coordinator', chartName: 'zookeeper', configValues: small },
];

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => kube.close());

function pathOf(project: string, at = namespace): string {
  return `/api/v1/project/${at}/name/${project}`;
}

function create(project: string, body: object, query = {}): Promise<ApiAnswer> {
  const headers = { 'content-type': 'application/json' };
  return api.send('POST', pathOf(project), { query, headers, body: JSON.stringify(body) });
}

function preview(project: string, what: '' | '/resources', body: object, query = {}): Promise<ApiAnswer> {
  const headers = { 'content-type': 'application/json' };
  return api.send('POST', `${pathOf(project)}/dryrun${what}`, { query, headers, body: JSON.stringify(body) });
}

async function get(project: string): Promise<ApiAnswer<ProjectInfo>> {
  return (await api.send('GET', pathOf(project))) as ApiAnswer<ProjectInfo>;
}

describe('a project', () => {
  test('is previewed as it will be: each release with the outputs that those before it will have', async () => {
    const body = { commonValues: { shared: 'all', extra: 'common' }, releases: pair };
    const objects = await preview('stack', '', body);
    expect(objects.status, objects.text).toBe(200);
    const shown = objects.body as ClusterObject[];
    expect(shown.filter(({ kind }) => kind === 'ReleaseConfig').map(({ metadata }) => metadata.name)).toEqual([
      'coordinator',
      'broker',
    ]);
    const config = shown.find(({ kind, metadata }) => kind === 'ReleaseConfig' && metadata.name === 'broker');
    expect(config).toMatchObject({
      spec: {
        project: 'stack',
        dependencies: { zookeeper: 'coordinator' },
        dependenciesConfigValues: { zookeeper: { client: { zookeeper_port: '2181' } } },
      },
    });
    const totals = await preview('stack', '/resources', body, { sum: true });
    expect(totals.status, totals.text).toBe(200);
    expect(totals.body).toMatchObject({
      releases: [{ name: 'coordinator' }, { name: 'broker' }],
      quota: { fits: true },
    });
    expect((await get('stack')).status).toBe(404);
  });

  test('whose preview is refused names each release that is at fault', async () => {
    const releases = [
      ...pair,
      { name: 'nowhere', chartName: 'none-such' },
      { name: 'wrong', chartName: 'zookeeper', dependencies: { zookeeper: 'missing' } },
    ];
    const refused = await preview('faulty', '', { releases });
    expect(refused.status, refused.text).toBe(404);
    expect(problemOf(refused)).toMatchObject({ code: 'CHART_NOT_FOUND' });
    expect(problemOf(refused).details['releases']).toMatchObject([
      { name: 'nowhere', code: 'CHART_NOT_FOUND' },
      { name: 'wrong', code: 'DEPENDENCY_NOT_FOUND' },
    ]);
  });

  test('is made of releases that are wired to each other, with values in common', async () => {
    const answer = await create('stack', { commonValues: { shared: 'all', extra: 'common' }, releases: pair });
    expect(answer.status, answer.text).toBe(200);
    const { body } = await eventually(async () => {
      const found = await get('stack');
      expect(found.body).toMatchObject({ ready: true, message: '' });
      return found;
    });
    expect(body).toMatchObject({ name: 'stack', namespace });
    expect(body.releases.map(({ name }) => name)).toEqual(['broker', 'coordinator']);
    const [broker, coordinator] = body.releases;
    expect(broker).toMatchObject({
      dependencies: { zookeeper: 'coordinator' },
      releaseLabels: { 'Project-Name': 'stack' },
      configValues: { extra: 'mine' },
      computedValues: { shared: 'all', extra: 'mine', zookeeper: { client: { zookeeper_port: '2181' } } },
    });
    expect(broker?.configValues).not.toHaveProperty('shared');
    expect(coordinator?.computedValues).toMatchObject({ shared: 'all', extra: 'common' });

    const again = await preview(
      'stack',
      '',
      { commonValues: { shared: 'all', extra: 'common' }, releases: pair },
      { diff: true },
    );
    expect(again.status, again.text).toBe(200);
    const unchanged = { revision: 1, objects: [], dependents: [], hiddenDependents: 0 };
    expect(again.body).toEqual({
      releases: [
        { name: 'coordinator', ...unchanged },
        { name: 'broker', ...unchanged },
      ],
    });

    const labelled = await api.list(namespace, { labelselector: 'Project-Name=stack' });
    expect(labelled.body.num).toBe(2);
    const all = (await api.send('GET', '/api/v1/project')) as ApiAnswer<ProjectInfoList>;
    expect(all.body.items.map(({ name }) => name)).toContain('stack');
    const own = (await api.send('GET', `/api/v1/project/${namespace}`)) as ApiAnswer<ProjectInfoList>;
    expect(own.body).toMatchObject({ num: 1, items: [{ name: 'stack', ready: true }] });
  });

  test('is not made twice', async () => {
    const answer = await create('stack', { releases: [{ name: 'third', chartName: 'zookeeper' }] });
    expect(answer.status).toBe(409);
    expect(problemOf(answer)).toMatchObject({ code: 'PROJECT_EXISTS' });
  });

  test('goes with all its releases', async () => {
    const answer = await api.send('DELETE', pathOf('stack'), { query: { deletePvcs: true } });
    expect(answer.status, answer.text).toBe(200);
    expect((await get('stack')).status).toBe(404);
    expect((await api.list(namespace)).body.num).toBe(0);
    expect(await kube.list(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`)).toEqual([]);
  });
});

describe('what cannot be a project is refused, and nothing is left behind', () => {
  test.each([
    ['no releases', {}, 422, 'PROJECT_EMPTY', 'project params releases can not be empty'],
    ['none', { releases: [] }, 422, 'PROJECT_EMPTY', 'failed to create project : project releases can not be empty'],
    ['an unknown chart', { releases: [{ name: 'x', chartName: 'nope' }] }, 404, 'CHART_NOT_FOUND', 'failed to create'],
    ['a name twice', { releases: [pair[0], pair[0]] }, 422, 'REQUEST_INVALID', 'named twice'],
    [
      'a cycle',
      {
        releases: [
          { ...pair[0], dependencies: { z: 'coordinator' } },
          { ...pair[1], dependencies: { k: 'broker' } },
        ],
      },
      422,
      'DEPENDENCY_CYCLE',
      `${namespace}/broker → ${namespace}/coordinator → ${namespace}/broker`,
    ],
  ])('%s', async (_, body, status, code, message) => {
    const answer = await create('refused', body);
    expect(answer.status, answer.text).toBe(status);
    const told = problemOf(answer);
    expect(told.code).toBe(code);
    expect(told.errMessage).toContain(message);
    expect((await get('refused')).status).toBe(404);
    expect((await api.list(namespace)).body.num).toBe(0);
  });

  test('one that does not exist is not found', async () => {
    const answer = await get('nope');
    expect(answer.status).toBe(404);
    expect(problemOf(answer).errMessage).toBe(`project ${namespace}/nope is not found`);
    expect((await api.send('DELETE', pathOf('nope'))).status).toBe(404);
    expect((await api.send('DELETE', pathOf('nope'), { query: { ignoreNotFound: true } })).status).toBe(200);
  });
});

test('a project grows and shrinks by its releases, which are connected again each time', async () => {
  const headers = { 'content-type': 'application/json' };
  const send = (method: string, path: string, body?: object, query = {}) =>
    api.send(method, `${pathOf('grows')}${path}`, {
      query,
      ...(body && { headers, body: JSON.stringify(body) }),
    });
  const release = async (name: string) => (await api.get(namespace, name)).body;

  const first = await send('POST', '/instance', { name: 'z1', chartName: 'zookeeper', configValues: small });
  expect(first.status, first.text).toBe(200);
  const second = await send('POST', '/project', {
    releases: [{ name: 'k1', chartName: 'kafka', configValues: small }],
  });
  expect(second.status, second.text).toBe(200);
  expect(await release('k1')).toMatchObject({ version: 1, dependencies: { zookeeper: 'z1' } });

  const upgraded = await send('PUT', '/instance', { name: 'k1', configValues: { extra: 'mine' } });
  expect(upgraded.status, upgraded.text).toBe(200);
  expect(await release('k1')).toMatchObject({ version: 2, configValues: { ...small, extra: 'mine' } });
  const stranger = await send('PUT', '/instance', { name: 'z9', configValues: {} });
  expect([stranger.status, problemOf(stranger).code]).toEqual([404, 'MEMBER_NOT_FOUND']);

  const refused = await send('DELETE', '/instance/z1');
  expect([refused.status, problemOf(refused).code]).toEqual([409, 'RELEASE_HAS_DEPENDENTS']);
  const removed = await send('DELETE', '/instance/z1', undefined, { unwire: true });
  expect(removed.status, removed.text).toBe(200);
  expect(await release('k1')).toMatchObject({ version: 3, dependencies: {} });
  expect((await get('grows')).body.releases.map(({ name }) => name)).toEqual(['k1']);

  const again = await send('POST', '/instance', { name: 'z2', chartName: 'zookeeper', configValues: small });
  expect(again.status, again.text).toBe(200);
  expect(await release('k1')).toMatchObject({ version: 4, dependencies: { zookeeper: 'z2' } });
  const gone = await send('DELETE', '', undefined, { deletePvcs: true });
  expect(gone.status, gone.text).toBe(200);
});

test('the first release that fails ends it and says why; the project shows it', async () => {
  const releases = [
    { name: 'good', chartName: 'schema' },
    { name: 'bad', chartName: 'hooks', configValues: { failing: 'pre-install' } },
    { name: 'never', chartName: 'hooks', dependencies: { any: 'bad' } },
  ];
  const answer = await create('broken', { releases });
  expect(answer.status, answer.text).toBe(422);
  const problem = problemOf(answer);
  expect(problem.code).toBe('HOOK_FAILED');
  expect(problem.errMessage).toMatch(/^failed to create project : release bad: /);
  const { body } = await get('broken');
  expect(body).toMatchObject({ ready: false, releases: [{ name: 'good' }] });
  expect(body.message).toMatch(/^the project latest task \S+ failed : release bad: /);
  expect((await api.send('DELETE', pathOf('broken'))).status).toBe(200);
});

test('cancelling a project stops the tasks that it has started', async () => {
  const releases = [
    { name: 'endless', chartName: 'hooks', configValues: { slowSeconds: 20 } },
    { name: 'later', chartName: 'schema', dependencies: { any: 'endless' } },
  ];
  const accepted = await create('cancelled', { releases }, { async: true });
  const { task } = accepted.body as { task: TaskInfo };
  await eventually(async () => {
    expect((await api.task(task.id)).body.progress?.message).toBe('waits for endless');
  });
  const answer = await api.send('POST', `/api/v1/task/${task.id}/cancel`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({ state: 'cancelled', error: { details: { releaseTasks: [`${task.id}-1`] } } });
  expect((await api.task(`${task.id}-1`)).body.state).toBe('cancelled');
  expect((await api.list(namespace)).body.items.filter(({ version }) => version > 0)).toEqual([]);
});

test('a project that was accepted is made although the server is killed on the way', async () => {
  const flags = ['--kubernetes-system-namespace=walm-projects', '--leadership-lease-sec=3', '--leadership-renew-sec=1'];
  const own = { kubeconfig, repositories: [repository], flags };
  const first = await startWalmServer(own);
  const releases = [
    { name: 'slow', chartName: 'hooks', configValues: { slowSeconds: 2 } },
    { name: 'after', chartName: 'schema', dependencies: { any: 'slow' } },
  ];
  const accepted = await createWalmApi(first.url).send('POST', pathOf('survivor'), {
    query: { async: true },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ releases }),
  });
  expect(accepted.status, accepted.text).toBe(202);
  const { task } = accepted.body as { task: TaskInfo };
  expect(task).toMatchObject({ operation: 'createProject', project: 'survivor', release: '' });
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
    const { body } = (await again.send('GET', pathOf('survivor'))) as ApiAnswer<ProjectInfo>;
    expect(body.releases.map(({ name, version }) => `${name} ${version}`)).toEqual(['after 1', 'slow 1']);
  } finally {
    await second.stop();
  }
});
