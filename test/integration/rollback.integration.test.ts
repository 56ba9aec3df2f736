import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { RevisionList } from '../../contract/schemas/release-history.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'rollback';
/** A chart that generates a password at every rendering, and has a rollback hook. */
const chart = buildChart('moody', {
  'values.yaml': 'replicas: 1\ncolour: red\nzookeeper: {}\n',
  'templates/all.yaml': `apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}"}
stringData: {password: {{ randAlphaNum 20 | quote }}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {colour: {{ .Values.colour }}, provider: {{ .Values.zookeeper.address | default "none" | quote }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: "{{ .Release.Name }}-rolled-back"
  annotations: {helm.sh/hook: post-rollback}
data: {}
`,
}).bytes;

const base = (release: string) => `/api/v1/release/${namespace}/name/${release}`;
const json = { 'content-type': 'application/json' };

async function upgrade(name: string, change: object): Promise<void> {
  const body = JSON.stringify({ name, ...change });
  const answer = await api.send('PUT', `/api/v1/release/${namespace}`, { body, headers: json });
  expect(answer.status, answer.text).toBe(200);
}

async function post(release: string, action: string, query: Record<string, number | string> = {}): Promise<void> {
  const answer = await api.send('POST', `${base(release)}/${action}`, { query });
  expect(answer.status, answer.text).toBe(200);
}

const manifest = (release: string, revision: number) =>
  helm.run('get', 'manifest', release, '-n', namespace, '--revision', String(revision));
const withoutConfig = (text: string) => text.split(/^---$/m).filter((part) => !part.includes('kind: ReleaseConfig'));
const deployment = (release: string) => kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/${release}`);
const configMap = (name: string) => kube.find(`/api/v1/namespaces/${namespace}/configmaps/${name}`);

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => {
  helm.close();
  kube.close();
});

test('a rollback brings back values and manifest byte for byte, and keeps the labels of now', async () => {
  await api.mustInstall({ namespace, body: { name: 'app', configValues: { replicas: 2 } }, archive: chart });
  await upgrade('app', { configValues: { colour: 'blue', replicas: 3 }, releaseLabels: { team: 'new' } });
  expect(withoutConfig(await manifest('app', 2))).not.toEqual(withoutConfig(await manifest('app', 1)));

  await post('app', 'rollback');
  expect(withoutConfig(await manifest('app', 3))).toEqual(withoutConfig(await manifest('app', 1)));
  expect(await configMap('app')).toMatchObject({ data: { colour: 'red' } });
  expect(await configMap('app-rolled-back')).toBeDefined();
  expect((await deployment('app'))?.['spec']).toMatchObject({ replicas: 2 });
  const { body } = await api.get(namespace, 'app');
  expect(body).toMatchObject({ version: 3, configValues: { replicas: 2 }, releaseLabels: { team: 'new' } });
  expect(body.configValues).not.toHaveProperty('colour');
  const history = (await api.send('GET', `${base('app')}/history`)).body as RevisionList;
  expect(history.items[0]).toMatchObject({ revision: 3, cause: 'rolled back to 1', status: 'deployed' });

  await upgrade('app', { configValues: { colour: 'green' } });
  expect(await configMap('app')).toMatchObject({ data: { colour: 'green' } });
});

test('a paused release stays paused, and recovers as the revision was', async () => {
  await api.mustInstall({ namespace, body: { name: 'idle', configValues: { replicas: 2 } }, archive: chart });
  await upgrade('idle', { configValues: { replicas: 5 } });
  await post('idle', 'pause');
  await post('idle', 'rollback', { revision: 1 });
  expect((await deployment('idle'))?.['spec']).toMatchObject({ replicas: 0 });
  expect((await api.get(namespace, 'idle')).body).toMatchObject({ version: 4, paused: true });
  await post('idle', 'recover');
  expect((await deployment('idle'))?.['spec']).toMatchObject({ replicas: 2 });
  await post('idle', 'rollback', { revision: 3 });
  expect((await deployment('idle'))?.['spec']).toMatchObject({ replicas: 5 });
  expect((await api.get(namespace, 'idle')).body).toMatchObject({ version: 6, paused: false });
});

test('what other programs changed is taken over', async () => {
  await api.mustInstall({ namespace, body: { name: 'scaled', configValues: { replicas: 2 } }, archive: chart });
  await upgrade('scaled', { configValues: { colour: 'blue' } });
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/scaled/scale`;
  await kube.call('PATCH', path, { spec: { replicas: 7 } }, 'application/merge-patch+json');
  await post('scaled', 'rollback', { revision: 1 });
  expect((await deployment('scaled'))?.['spec']).toMatchObject({ replicas: 2 });
});

test('a revision of plain helm is gone back to, and from', async () => {
  await api.mustInstall({ namespace, body: { name: 'mixed', configValues: { replicas: 2 } }, archive: chart });
  await helm.run('rollback', 'mixed', '1', '-n', namespace);
  const form = chartForm({ name: 'mixed', configValues: { colour: 'blue' } }, chart);
  const answer = await api.send('PUT', `/api/v1/release/${namespace}/withchart`, { body: form });
  expect(answer.status, answer.text).toBe(200);
  await post('mixed', 'rollback', { revision: 2 });
  expect(withoutConfig(await manifest('mixed', 4))).toEqual(withoutConfig(await manifest('mixed', 1)));
});

test('the outputs of now are injected in the same revision', async () => {
  const outputs = { address: 'values:colour' };
  await api.mustInstall({ namespace, body: { name: 'provider', outputs }, archive: chart });
  const dependencies = { zookeeper: 'provider' };
  await api.mustInstall({ namespace, body: { name: 'dependent', dependencies }, archive: chart });
  await upgrade('dependent', { configValues: { colour: 'blue' } });
  expect(await configMap('dependent')).toMatchObject({ data: { colour: 'blue', provider: 'red' } });
  await upgrade('provider', { configValues: { colour: 'white' } });

  await post('dependent', 'rollback', { revision: 1 });
  expect(await configMap('dependent')).toMatchObject({ data: { colour: 'red', provider: 'white' } });
  expect((await api.get(namespace, 'dependent')).body).toMatchObject({
    dependencies,
    dependenciesConfigValues: { zookeeper: { address: 'white' } },
  });
});

test('revisions that are not kept, and releases that do not exist, are refused', async () => {
  await api.mustInstall({ namespace, body: { name: 'young' }, archive: chart });
  for (const query of [{}, { revision: 7 }]) {
    const answer = await api.send('POST', `${base('young')}/rollback`, { query });
    expect(answer.status).toBe(404);
    expect(problemOf(answer)).toMatchObject({ code: 'REVISION_NOT_FOUND', details: { kept: [1] } });
  }
  const nowhere = await api.send('POST', `${base('nope')}/rollback`);
  expect(problemOf(nowhere)).toMatchObject({ code: 'RELEASE_NOT_FOUND' });
});
