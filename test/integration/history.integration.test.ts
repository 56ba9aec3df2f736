import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import type { ReleaseDrift } from '../../contract/schemas/release-check.ts';
import type {
  ReleaseValues,
  Revision,
  RevisionDifference,
  RevisionList,
} from '../../contract/schemas/release-history.ts';
import type { TaskInfo, TaskList } from '../../contract/schemas/task.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const PASSWORD = 'canary-77ab-history';

const { kubeconfig, server } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'history';
const schema = fixtureChart('schema').bytes;
const hooks = fixtureChart('hooks').bytes;
const chartFile = join(helm.folder, 'schema.tgz');

const path = (release: string, rest: string) => `/api/v1/release/${namespace}/name/${release}/${rest}`;

async function ask<T>(
  release: string,
  rest: string,
  query: Record<string, string | number | boolean> = {},
): Promise<T> {
  const { status, body, text } = await api.send('GET', path(release, rest), { query });
  expect(status, text).toBe(200);
  expect(text).not.toContain(PASSWORD);
  return body as T;
}

beforeAll(async () => {
  await createNamespace(kube, namespace);
  writeFileSync(chartFile, schema);
  const configValues = { database: { user: 'somebody', password: PASSWORD } };
  await api.mustInstall({ namespace, body: { name: 'app', configValues }, archive: schema });
  await helm.run('upgrade', 'app', chartFile, '-n', namespace, '--reuse-values', '--set', 'database.user=other');
});

afterAll(() => {
  helm.close();
  kube.close();
});

test('the history has every revision, the newest first, regardless of its author', async () => {
  const list = await ask<RevisionList>('app', 'history');
  expect(list).toMatchObject({
    num: 2,
    total: 2,
    items: [
      { revision: 2, status: 'deployed', outside: true, caller: null, task: null, cause: 'Upgrade complete' },
      { revision: 1, status: 'superseded', outside: false, chartName: 'schema' },
    ],
  });
  const page = await ask<RevisionList>('app', 'history', { limit: 1 });
  expect(page).toMatchObject({ num: 1, total: 2, items: [{ revision: 2 }] });
  const next = await ask<RevisionList>('app', 'history', { limit: 1, continue: page.continue ?? '' });
  expect(next).toMatchObject({ num: 1, items: [{ revision: 1 }] });
  expect(next.continue).toBeUndefined();
});

test('a revision shows its values and manifest without secrets, as helm has them otherwise', async () => {
  const revision = await ask<Revision>('app', 'history/1');
  expect(revision).toMatchObject({
    revision: 1,
    configValues: { database: { user: 'somebody', password: '***' } },
    computedValues: { replicas: 1, database: { user: 'somebody', password: '***' } },
    source: { kind: 'archive' },
  });
  const outside = await ask<Revision>('app', 'history/2');
  expect(outside.configValues).toMatchObject({ database: { user: 'other', password: '***' } });

  const answer = await api.send('GET', path('app', 'manifest'), { query: { revision: 2 } });
  expect(answer.headers.get('content-type')).toBe('application/yaml');
  const shown = parseAllDocuments(answer.text).map((document) => document.toJS() as { kind: string });
  const real = parseAllDocuments(await helm.run('get', 'manifest', 'app', '-n', namespace))
    .map((document) => document.toJS() as { kind: string } | null)
    .filter((object) => object !== null);
  expect(shown.filter(({ kind }) => kind !== 'Secret')).toEqual(real.filter(({ kind }) => kind !== 'Secret'));
  expect(shown.find(({ kind }) => kind === 'Secret')).toMatchObject({ stringData: { password: '***' } });
});

test('two revisions are compared object by object', async () => {
  const difference = await ask<RevisionDifference>('app', 'diff');
  expect(difference).toMatchObject({ from: { revision: 1 }, to: { revision: 2 } });
  expect(difference.configValues).toEqual([{ path: '/database/user', old: 'somebody', new: 'other' }]);
  const [deployment] = difference.objects.filter(({ kind }) => kind === 'Deployment');
  expect(deployment).toMatchObject({
    change: 'changed',
    differences: [{ path: '/spec/template/spec/containers/0/env/0/value', old: 'somebody', new: 'other' }],
  });
  expect(difference.objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  const back = await ask<RevisionDifference>('app', 'diff', { from: 2, to: 1 });
  expect(back.configValues).toEqual([{ path: '/database/user', old: 'other', new: 'somebody' }]);
});

test('every value names the layer it came from', async () => {
  const { origins = [] } = await ask<ReleaseValues>('app', 'values', { origin: true, revision: 1 });
  expect(origins).toContainEqual({ path: '/replicas', value: 1, layer: 'chart' });
  expect(origins).toContainEqual({ path: '/database/user', value: 'somebody', layer: 'configValues' });
  expect(origins).toContainEqual({ path: '/database/password', value: '***', layer: 'configValues' });
  expect(await ask<ReleaseValues>('app', 'values')).not.toHaveProperty('origins');
  expect(await ask('app', 'notes')).toMatchObject({ revision: 2 });
});

test('absence is distinguished from other failures', async () => {
  const revision = await api.send('GET', path('app', 'history/9'));
  expect(revision.status).toBe(404);
  expect(problemOf(revision)).toMatchObject({ code: 'REVISION_NOT_FOUND', details: { kept: [1, 2] } });
  for (const rest of ['history', 'history/1', 'manifest', 'values', 'notes', 'diff']) {
    const answer = await api.send('GET', path('nope', rest));
    expect(answer.status).toBe(404);
    expect(problemOf(answer)).toMatchObject({ code: 'RELEASE_NOT_FOUND', errMessage: 'release nope is not found' });
  }
});

test('drift is what was changed behind Helm, object by object', async () => {
  const before = await ask<ReleaseDrift>('app', 'drift');
  expect(before.drifted, JSON.stringify(before.objects)).toBe(false);
  expect(before.objects.map(({ state }) => state)).toEqual(['in sync', 'in sync']);
  const base = `/apis/apps/v1/namespaces/${namespace}/deployments/app`;
  const patch = { spec: { template: { spec: { containers: [{ name: 'app', image: 'registry.example/other:1' }] } } } };
  await kube.call('PATCH', base, patch, 'application/strategic-merge-patch+json');
  await kube.remove(`/api/v1/namespaces/${namespace}/secrets/app-database`);
  const after = await ask<ReleaseDrift>('app', 'drift');
  expect(after).toMatchObject({
    revision: 2,
    drifted: true,
    objects: [
      { kind: 'Secret', state: 'missing' },
      {
        kind: 'Deployment',
        state: 'changed',
        differences: [
          {
            path: '/spec/template/spec/containers/0/image',
            old: 'registry.example/app:1',
            new: 'registry.example/other:1',
          },
        ],
      },
    ],
  });
  const back = await api.send('POST', path('app', 'rollback'), { query: { revision: 2 } });
  expect(back.status, back.text).toBe(200);
  expect(await ask<ReleaseDrift>('app', 'drift')).toMatchObject({ revision: 3, drifted: false });
});

test('the hooks of a test run with their results, and a failed one is reported', async () => {
  await api.mustInstall({ namespace, body: { name: 'tested' }, archive: hooks });
  const good = await api.send('POST', path('tested', 'test'));
  expect(good.status, good.text).toBe(200);
  expect(good.body).toMatchObject({ revision: 1, passed: true, failed: [], tests: [{ name: 'tested-test' }] });

  await api.mustInstall({ namespace, body: { name: 'broken', configValues: { failing: 'test' } }, archive: hooks });
  const bad = await api.send('POST', path('broken', 'test'));
  expect(bad.status, bad.text).toBe(200);
  expect(bad.body).toMatchObject({ passed: false, failed: ['broken-test'], tests: [{ phase: 'Failed' }] });
});

test('a test is a task: it waits for its turn, keeps its outcome, and is cancelled', async () => {
  const tasks = async () =>
    (await api.send('GET', '/api/v1/task', { query: { namespace, release: 'turns' } })).body as TaskList;
  const begin = async () =>
    ((await api.send('POST', path('turns', 'test'), { query: { async: true } })).body as { task: TaskInfo }).task;
  const ended = (id: string, state: string) =>
    eventually(async () => expect((await api.task(id)).body).toMatchObject({ state }));

  await api.mustInstall({ namespace, body: { name: 'turns' }, archive: hooks });
  const done = await begin();
  expect(done).toMatchObject({ operation: 'test', release: 'turns' });
  await ended(done.id, 'succeeded');
  expect((await api.task(done.id)).body.tests).toMatchObject({
    revision: 1,
    passed: true,
    tests: [{ name: 'turns-test' }],
  });
  expect((await tasks()).items[0]?.tests).toBeUndefined();

  await api.upgrade({ namespace, body: { name: 'turns', configValues: { slowEvent: 'test', slowSeconds: 60 } } });
  const running = await begin();
  await eventually(async () =>
    expect((await api.task(running.id)).body).toMatchObject({ state: 'running', progress: { phase: 'hooks' } }),
  );
  const next = api.upgrade({ namespace, body: { name: 'turns', configValues: { slowSeconds: 0 } } });
  await eventually(async () => expect((await tasks()).items[0]).toMatchObject({ waitsFor: running.id }));
  expect((await api.send('POST', `/api/v1/task/${running.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
  expect((await next).status).toBe(200);
  const history = (await ask<RevisionList>('turns', 'history')).items.map(({ revision, status }) => ({
    revision,
    status,
  }));
  expect(history).toEqual([
    { revision: 3, status: 'deployed' },
    { revision: 2, status: 'superseded' },
    { revision: 1, status: 'superseded' },
  ]);
  const again = await api.send('POST', path('turns', 'test'), { query: { expectedRevision: 3 } });
  expect(again.status, again.text).toBe(200);
  expect(again.headers.get('walm-task-id')).toMatch(/./);
  const stale = await api.send('POST', path('turns', 'test'), { query: { expectedRevision: 2 } });
  expect(problemOf(stale)).toMatchObject({ code: 'REVISION_MISMATCH' });
});

test('a running install is cancelled and leaves nothing; a queued one never starts', async () => {
  const slow = { name: 'slow', configValues: { slowSeconds: 30 } };
  const order = { namespace, body: slow, archive: hooks, query: { async: true } };
  const running = ((await api.install(order)).body as { task: TaskInfo }).task.id;
  const queued = ((await api.install(order)).body as { task: TaskInfo }).task.id;
  await eventually(async () => {
    expect((await api.task(running)).body).toMatchObject({ state: 'running', progress: { phase: 'hooks' } });
  });
  expect((await api.task(queued)).body).toMatchObject({ state: 'queued', waitsFor: running });

  const list = (await api.send('GET', '/api/v1/task', { query: { namespace, release: 'slow' } })).body as TaskList;
  expect(list.items.map(({ id, waitsFor }) => ({ id, waitsFor }))).toEqual([
    { id: queued, waitsFor: running },
    { id: running, waitsFor: undefined },
  ]);

  const second = await api.send('POST', `/api/v1/task/${queued}/cancel`);
  expect(second.status, second.text).toBe(200);
  const first = await api.send('POST', `/api/v1/task/${running}/cancel`);
  expect(first.status, first.text).toBe(200);
  expect(first.body).toMatchObject({ state: 'cancelled', error: { code: 'CANCELLED' } });

  expect((await helm.attempt('history', 'slow', '-n', namespace)).code).not.toBe(0);
  const again = await api.send('POST', `/api/v1/task/${running}/cancel`);
  expect(again.status).toBe(409);
  expect(problemOf(again)).toMatchObject({ code: 'TASK_FINISHED' });
  const cancelled = (
    await api.send('GET', '/api/v1/task', { query: { namespace, release: 'slow', state: 'cancelled' } })
  ).body as TaskList;
  expect(cancelled.total).toBe(2);
});

test('a running upgrade that is cancelled leaves a failed revision, and the release can be changed again', async () => {
  const archive = buildChart('waiting', {
    'templates/all.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-before"
  annotations: {helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation}
spec:
  template:
    metadata: {annotations: {sandbox.walm.io/complete-after: "{{ .Values.seconds | default 0 }}s"}}
    spec: {restartPolicy: Never, containers: [{name: step, image: registry.example/step:1}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
`,
  }).bytes;
  await api.mustInstall({ namespace, body: { name: 'waiting' }, archive });
  const upgrade = (seconds: number, async: boolean) =>
    api.send('PUT', `/api/v1/release/${namespace}/withchart`, {
      query: { async },
      body: chartForm({ name: 'waiting', configValues: { seconds } }, archive),
    });
  const { task } = (await upgrade(60, true)).body as { task: TaskInfo };
  await eventually(async () => {
    expect((await api.task(task.id)).body).toMatchObject({ state: 'running', progress: { phase: 'hooks' } });
  });
  const answer = await api.send('POST', `/api/v1/task/${task.id}/cancel`);
  expect(answer.status, answer.text).toBe(200);
  const after = await ask<RevisionList>('waiting', 'history');
  expect(after.items.map(({ status }) => status)).toEqual(['failed', 'deployed']);
  const again = await upgrade(0, false);
  expect(again.status, again.text).toBe(200);
  expect((await api.get(namespace, 'waiting')).body).toMatchObject({ version: 3, status: 'deployed' });
});

test('a metainfo that cannot be read hinders nothing, and is warned of in answer, task and history', async () => {
  const { bytes: archive } = buildChart('broken-meta', {
    'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken-meta}\n',
    'transwarp-meta/metainfo.yaml': 'roles: 5\nparams: [{name: size, mapKey: size}]\n',
  });
  const body = { name: 'broken-meta', configValues: { size: 3 } };
  const refused = await api.install({ namespace, body, archive, query: { strict: true } });
  expect(refused.status).toBe(422);
  const reason = 'transwarp-meta/metainfo.yaml of the chart is ignored where it is wrong: roles is not a list';
  expect(problemOf(refused).errMessage).toContain(reason);

  const warnings = [{ code: 'FIELD_UNKNOWN' }, { code: 'METAINFO_INVALID', message: reason }];
  expect((await api.mustInstall({ namespace, body: { ...body, unheardOf: 1 }, archive })).body).toMatchObject({
    warnings,
  });
  const { body: release } = await api.get(namespace, 'broken-meta');
  expect(release).toMatchObject({ warnings, metaInfoValues: { params: [{ name: 'size', value: '3' }], roles: null } });
  const { items } = await ask<RevisionList>('broken-meta', 'history');
  expect(items).toMatchObject([{ revision: 1, warnings }]);
  expect((await api.task(items[0]?.task ?? '')).body).toMatchObject({ warnings });

  const upgraded = await api.upgrade({ namespace, body: { name: 'broken-meta', configValues: { size: 4 } } });
  expect(upgraded.body).toMatchObject({ warnings: warnings.slice(1) });
  expect(await ask<Revision>('broken-meta', 'history/2')).toMatchObject({ warnings: warnings.slice(1) });
});
