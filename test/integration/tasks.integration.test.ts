import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'tasks';
const hooks = fixtureChart('hooks').bytes;
const small = buildChart('small', {
  'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
}).bytes;

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => kube.close());

async function finished(id: string): Promise<TaskInfo> {
  return eventually(async () => {
    const { body } = await api.task(id);
    expect(body.finishedAt).toBeDefined();
    return body;
  });
}

test('async=true answers 202 with a task that can be followed to its end', async () => {
  const slow = { name: 'slow', configValues: { slowSeconds: 2 } };
  const answer = await api.install({ namespace, body: slow, archive: hooks, query: { async: true } });
  expect(answer.status, answer.text).toBe(202);
  const { task } = answer.body as { task: TaskInfo };
  expect(task).toMatchObject({ operation: 'install', namespace, release: 'slow' });
  expect(['queued', 'running']).toContain(task.state);
  expect(answer.headers.get('walm-task-id')).toBe(task.id);

  const { status, body: meanwhile } = await api.get(namespace, 'slow');
  expect(status).toBe(200);
  expect(meanwhile).toMatchObject({ ready: false });
  expect(meanwhile.message).toBe(`please wait for the release latest task ${task.id} finished`);

  expect(await finished(task.id)).toMatchObject({ state: 'succeeded', revision: 1, attempt: 1 });
  expect((await api.get(namespace, 'slow')).body).toMatchObject({ version: 1, status: 'deployed' });
});

test('timeoutSec bounds the wait, not the work', async () => {
  const body = { name: 'patient', configValues: { slowSeconds: 3 } };
  const answer = await api.install({ namespace, body, archive: hooks, query: { timeoutSec: 1 } });
  expect(answer.status, answer.text).toBe(504);
  const problem = problemOf(answer);
  expect(problem).toMatchObject({ code: 'TIMEOUT_REACHED' });
  expect(problem.errMessage).toContain('failed to install release: Timeout reached');
  const id = answer.headers.get('walm-task-id') ?? String(problem.details['task']);
  expect(await finished(id)).toMatchObject({ state: 'succeeded' });
});

test('requests for one release wait for each other in order; another release does not wait', async () => {
  const body = { name: 'busy', configValues: { slowSeconds: 3 } };
  const first = await api.install({ namespace, body, archive: hooks, query: { async: true } });
  const { task } = first.body as { task: TaskInfo };
  const removal = api.remove(namespace, 'busy');
  const again = api.install({ namespace, body: { name: 'busy' }, archive: small });
  await api.mustInstall({ namespace, body: { name: 'other' }, archive: small });
  expect((await api.task(task.id)).body.finishedAt).toBeUndefined();

  const [removed, installed] = await Promise.all([removal, again]);
  expect(removed.status, removed.text).toBe(200);
  expect(installed.status, installed.text).toBe(200);
  expect((await api.get(namespace, 'busy')).body).toMatchObject({ chartName: 'small', version: 1 });
});

test('of two installs of one name at the same time one succeeds and the other says that it exists', async () => {
  const order = { namespace, body: { name: 'race' }, archive: small };
  const answers = await Promise.all([api.install(order), api.install(order), api.install(order)]);
  expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual(['200', '409', '409']);
  expect((await api.get(namespace, 'race')).body).toMatchObject({ version: 1 });
});

test('twenty releases at once are all installed and all removed', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `many-${i}`);
  const installed = await Promise.all(names.map((name) => api.install({ namespace, body: { name }, archive: small })));
  expect(installed.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
  const { body } = await api.list(namespace);
  expect(body.items.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  expect(body.items.map(({ name }) => name)).toEqual(body.items.map(({ name }) => name).toSorted());
  const removed = await Promise.all(names.map((name) => api.remove(namespace, name)));
  expect(removed.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
});

test('a failed task keeps its reason', async () => {
  const body = { name: 'bad', configValues: { failing: 'pre-install' } };
  const answer = await api.install({ namespace, body, archive: hooks, query: { async: true } });
  expect(answer.status).toBe(202);
  const task = await finished((answer.body as { task: TaskInfo }).task.id);
  expect(task).toMatchObject({ state: 'failed', error: { code: 'HOOK_FAILED' } });
  expect(task.error?.message).toContain('bad-pre-install');
});
