import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const flags = ['--rollout-deadline-sec=2'];
let kube: ReturnType<typeof createKubeClient>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let server: WalmServer;
let api: WalmApi;
let namespace: string;

beforeAll(async () => {
  // A cluster of its own, because this server must lead.
  sandbox = await startSandbox();
  const { kubeconfig } = sandbox.handle;
  kube = createKubeClient(kubeconfig);
  server = await startWalmServer({ kubeconfig, flags });
  api = createWalmApi(server.url);
  namespace = await createNamespace(kube, 'rollouts');
});
afterAll(async () => {
  await server.stop();
  kube.close();
  await sandbox.stop();
});

const workload = (kind: string, spec = '') => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: "{{ .Release.Name }}-${kind.toLowerCase()}"}
spec:
  replicas: 2
  ${spec}
  selector: {matchLabels: {app: "{{ .Release.Name }}-${kind}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}-${kind}"}
      annotations:
        round: "{{ .Values.round }}"
        {{ with .Values.behaviour }}sandbox.walm.io/behaviour: {{ . }}{{ end }}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---`;
const chart = buildChart('web', {
  'values.yaml': 'behaviour: ""\nround: one\n',
  'templates/all.yaml': workload('Deployment') + workload('StatefulSet', 'serviceName: db'),
}).bytes;

const install = (name: string, request: object = {}) =>
  api.mustInstall({ namespace, body: { name, ...request }, archive: chart });
const upgrade = async (name: string, request: object) => {
  const body = JSON.stringify({ name, ...request });
  const answer = await api.send('PUT', `/api/v1/release/${namespace}`, {
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status, answer.text).toBe(200);
};
const seen = (name: string, expected: object) =>
  eventually(async () => expect((await api.get(namespace, name)).body).toMatchObject(expected));
const specOf = async (name: string, kind: 'deployment' | 'statefulset') => {
  const found = await kube.find(`/apis/apps/v1/namespaces/${namespace}/${kind}s/${name}-${kind}`);
  return found?.['spec'] as Record<string, unknown>;
};
/** Pods that are Ready, by the annotation that shows which version of the chart they belong to. */
const readyPods = async (name: string, kind: string) => {
  const all = await kube.list(`/api/v1/namespaces/${namespace}/pods`);
  return all
    .filter(({ metadata }) => metadata.labels?.['app'] === `${name}-${kind}`)
    .filter((pod) => isReady(pod['status']))
    .map(({ metadata }) => metadata.annotations?.['round']);
};
function isReady(status: unknown): boolean {
  const { conditions = [] } = status as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

test('hold: old pods go on serving, across a kill of Walm, and the next good upgrade goes on', async () => {
  await install('held', { onFailure: 'hold' });
  await seen('held', { ready: true });
  await upgrade('held', { configValues: { behaviour: 'image-pull-backoff', round: 'two' } });
  await server.kill();
  server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig, flags, after: server });
  api = createWalmApi(server.url);
  await seen('held', { version: 3, ready: false });
  expect(await specOf('held', 'deployment')).toMatchObject({ paused: true, replicas: 2 });
  expect(await specOf('held', 'statefulset')).toMatchObject({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
  });
  await eventually(async () => {
    expect(await readyPods('held', 'Deployment')).toEqual(['one', 'one']);
    expect(await readyPods('held', 'StatefulSet')).toEqual(['one', 'one']);
  });
  await upgrade('held', { configValues: { behaviour: '', round: 'three' } });
  await seen('held', { version: 4, ready: true });
  expect(await specOf('held', 'deployment')).not.toHaveProperty('paused');
  expect(await readyPods('held', 'Deployment')).toEqual(['three', 'three']);
});

test('pause, none, and a rollout that was done once', async () => {
  await install('paused', { onFailure: 'pause', configValues: { behaviour: 'crash-loop' } });
  await install('ignored', { onFailure: 'none', configValues: { behaviour: 'pending' } });
  await install('settled', { onFailure: 'pause' });
  await seen('settled', { ready: true });
  await seen('paused', { version: 2, paused: true });
  await eventually(async () => {
    const marked = await kube.find(
      `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs/settled`,
    );
    expect(marked?.metadata.annotations).toMatchObject({ 'walm.io/rolled-out': '1' });
  });
  expect((await api.get(namespace, 'ignored')).body).toMatchObject({ version: 1, paused: false });
});

test('rollback: the revision before runs again, once', async () => {
  await install('back', { onFailure: 'rollback' });
  await seen('back', { ready: true });
  await upgrade('back', { configValues: { behaviour: 'pending', round: 'two' } });
  await seen('back', { version: 3, configValues: {}, ready: true });
  await eventually(async () => expect(await readyPods('back', 'Deployment')).toEqual(['one', 'one']));
});
