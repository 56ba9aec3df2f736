import { afterAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

const workload = (kind: string, name: string, spec = '', annotations = '') => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  ${spec}
  template:
    metadata: {labels: {app: ${name}}, annotations: {${annotations}}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---`;
const job = `
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: registry.example/main:1}]}}}
`;
const chart = buildChart('workloads', {
  'templates/all.yaml': [
    workload('Deployment', 'web', 'replicas: 2'),
    workload('Deployment', 'stuck', '', 'sandbox.walm.io/behaviour: image-pull-backoff'),
    workload('StatefulSet', 'db', 'serviceName: db'),
    workload('StatefulSet', 'manual', 'serviceName: manual\n  updateStrategy: {type: OnDelete}'),
    workload('DaemonSet', 'agent'),
    job,
  ].join(''),
}).bytes;

async function pods(namespace: string): Promise<Map<string, string>> {
  const all = await kube.list(`/api/v1/namespaces/${namespace}/pods`);
  const alive = all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return new Map(alive.map(({ metadata }) => [metadata.uid ?? '', metadata.labels?.['app'] ?? 'once']));
}

test('every pod but those of Jobs is replaced, and no revision comes of it', async () => {
  const namespace = await createNamespace(kube, 'restart');
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: chart });
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    expect(body.waitingFor.map(({ reason }) => reason)).toEqual(['ImagePullBackOff']);
  });
  const before = await pods(namespace);
  const restart = `/api/v1/release/${namespace}/name/app/restart`;
  const headers = { 'content-type': 'application/json' };
  const answer = await api.send('POST', restart, { headers });
  expect([answer.status, answer.text]).toEqual([200, '']);
  await eventually(async () => {
    const after = await pods(namespace);
    const kept = [...after].filter(([uid]) => before.has(uid)).map(([, app]) => app);
    expect(kept).toEqual(['once']);
    expect([...after.values()].toSorted()).toEqual([...before.values()].toSorted());
  });
  const { body } = await api.get(namespace, 'app');
  expect(body.version).toBe(1);

  const rolling = await api.send('POST', restart, { query: { mode: 'rolling' } });
  expect(rolling.body).toMatchObject({ warnings: [{ code: 'RESTART_DEFERRED', object: { name: 'manual' } }] });
  const task = await api.task(rolling.headers.get('walm-task-id') ?? '');
  expect(task.body).toMatchObject({ operation: 'restart', state: 'succeeded' });
});

test('of a release that does not exist, or in a way that there is not, is refused', async () => {
  const missing = await api.send('POST', '/api/v1/release/default/name/nope/restart');
  expect(missing.status).toBe(404);
  expect(problemOf(missing)).toMatchObject({
    code: 'RELEASE_NOT_FOUND',
    errMessage: 'failed to restart release nope: release nope is not found',
  });
  const odd = await api.send('POST', '/api/v1/release/default/name/nope/restart', { query: { mode: 'gently' } });
  expect([odd.status, problemOf(odd).code]).toEqual([400, 'QUERY_INVALID']);
});
