import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const helm = createHelmCli(kubeconfig);
afterAll(() => {
  kube.close();
  helm.close();
});

const chart = buildChart('web', {
  'values.yaml': 'replicas: 1\nnote: chart\nautoscaled: false\n',
  'templates/web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}", annotations: {note: "{{ .Values.note }}"}}
spec:
  {{ if not .Values.autoscaled }}replicas: {{ .Values.replicas }}{{ end }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
{{ if .Values.autoscaled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: "{{ .Release.Name }}"}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: "{{ .Release.Name }}"}
  minReplicas: 3
  maxReplicas: 5
{{ end }}
`,
}).bytes;
const archive = join(helm.folder, 'web.tgz');
writeFileSync(archive, chart);

let namespace: string;
beforeAll(async () => {
  namespace = await createNamespace(kube, 'outside');
});

const install = (name: string, configValues = {}) =>
  api.mustInstall({ namespace, body: { name, configValues, releaseLabels: { team: 'a' } }, archive: chart });
const change = (name: string, verb: string) => api.send('POST', `/api/v1/release/${namespace}/name/${name}/${verb}`);
const upgrade = (name: string, configValues: object) =>
  api.send('PUT', `/api/v1/release/${namespace}`, {
    body: JSON.stringify({ name, configValues }),
    headers: { 'content-type': 'application/json' },
  });
const replicasOf = (info: ReleaseInfo) => info.releaseStatus?.deployments[0]?.expectedReplicas;
const seen = (name: string, expected: object, replicas?: number) =>
  eventually(async () => {
    const { body } = await api.get(namespace, name);
    expect(body).toMatchObject(expected);
    if (replicas !== undefined && replicasOf(body) !== replicas) throw new Error(`${replicasOf(body)} replicas`);
    return body;
  });
const scale = (name: string, replicas: number) =>
  kube.call(
    'PATCH',
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`,
    { spec: { replicas } },
    'application/merge-patch+json',
  );

test('kubectl scale survives upgrade, pause and recovery', async () => {
  await install('scaled');
  await scale('scaled', 3);
  await seen('scaled', {}, 3);
  expect((await upgrade('scaled', { note: 'walm' })).status).toBe(200);
  await seen('scaled', { version: 2, ready: true }, 3);
  const wanted = await upgrade('scaled', { replicas: 2 });
  expect(wanted.status, wanted.text).toBe(200);
  expect((await change('scaled', 'pause')).status).toBe(200);
  await seen('scaled', { paused: true }, 0);
  expect((await change('scaled', 'recover')).status).toBe(200);
  await seen('scaled', { paused: false, ready: true }, 3);
});

test('what an autoscaler wants survives upgrade, pause and recovery', async () => {
  await install('auto', { autoscaled: true });
  await seen('auto', {}, 3);
  expect((await upgrade('auto', { note: 'walm' })).status).toBe(200);
  await seen('auto', { version: 2 }, 3);
  await change('auto', 'pause');
  await seen('auto', { paused: true }, 0);
  await change('auto', 'recover');
  await seen('auto', { paused: false }, 3);
});

test('helm upgrade: its values are the truth, and facts of Walm come back with its next change', async () => {
  await install('upgraded', { note: 'mine' });
  await helm.run('upgrade', 'upgraded', archive, '-n', namespace, '--set', 'note=helm', '--reuse-values');
  const outside = await seen('upgraded', { version: 2, outside: { revision: 1 }, releaseLabels: { team: 'a' } });
  expect(outside.configValues).toEqual({ note: 'helm' });
  const changed = await upgrade('upgraded', { replicas: 2 });
  expect(changed.status, changed.text).toBe(200);
  const back = await seen('upgraded', { version: 3, releaseLabels: { team: 'a' } }, 2);
  expect(back.outside).toBeUndefined();
  expect(back.configValues).toEqual({ note: 'helm', replicas: 2 });
  await helm.run('upgrade', 'upgraded', archive, '-n', namespace, '--reuse-values');
  await seen('upgraded', { version: 4, outside: { revision: 3 } });
});

test("a release of helm install is upgraded with the chart of helm's record, keeps its values, and is adopted", async () => {
  await helm.run('install', 'plain', archive, '-n', namespace, '--set', 'note=helm,replicas=2');
  await seen('plain', { version: 1, ready: true }, 2);
  const changed = await upgrade('plain', { note: 'walm' });
  expect(changed.status, changed.text).toBe(200);
  const adopted = await seen('plain', { version: 2, configValues: { note: 'walm', replicas: 2 } }, 2);
  expect(adopted.outside).toBeUndefined();
  expect((await upgrade('plain', { replicas: 1 })).status).toBe(200);
  await seen('plain', { version: 3 }, 1);
  const manifest = await helm.run('get', 'manifest', 'plain', '-n', namespace);
  expect(manifest).toContain('note: "walm"');
  expect(manifest).toContain('kind: record');
});

test('a release of helm install whose chart has subcharts needs its chart', async () => {
  const umbrella = join(helm.folder, 'umbrella.tgz');
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies: [{name: cache, version: 1.0.0}]\n',
    'charts/cache/Chart.yaml': 'apiVersion: v2\nname: cache\nversion: 1.0.0\n',
    'charts/cache/templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
  };
  writeFileSync(umbrella, buildChart('umbrella', files).bytes);
  await helm.run('install', 'umbrella', umbrella, '-n', namespace);
  await seen('umbrella', { version: 1 });
  const refused = await upgrade('umbrella', { note: 'walm' });
  expect([refused.status, refused.body]).toEqual([422, expect.objectContaining({ code: 'CHART_NOT_RECORDED' })]);
  await seen('umbrella', { version: 1 });
});

test('helm upgrade of a paused release sets it going, and adopting pauses it again', async () => {
  await install('paused', { replicas: 2 });
  await change('paused', 'pause');
  await helm.run('upgrade', 'paused', archive, '-n', namespace, '--set', 'replicas=1');
  await seen('paused', { version: 3, paused: false, outside: { revision: 2 } }, 1);
  expect((await change('paused', 'adopt')).status).toBe(200);
  await seen('paused', { version: 4, paused: true }, 0);
  await change('paused', 'recover');
  await seen('paused', { version: 5, paused: false, ready: true }, 1);
});

test('helm rollback brings back the facts of the revision, which its seal does not cover', async () => {
  await install('rolled', { note: 'one' });
  await upgrade('rolled', { note: 'two' });
  await helm.run('rollback', 'rolled', '1', '-n', namespace);
  const back = await seen('rolled', { version: 3, configValues: { note: 'one' }, releaseLabels: { team: 'a' } });
  expect(back).toMatchObject({
    sealed: false,
    outside: { revision: 2, reason: 'it differs from what was sealed: revision' },
  });
  expect((await upgrade('rolled', { replicas: 2 })).status).toBe(200);
  await seen('rolled', { version: 4, configValues: { note: 'one', replicas: 2 } }, 2);
  await helm.run('rollback', 'rolled', '2', '-n', namespace);
  await seen('rolled', { version: 5, configValues: { note: 'two' }, outside: { revision: 4 } }, 1);
});

test('a kept uninstall is not a release, and the name can be installed: by helm and by Walm', async () => {
  await install('kept');
  await helm.run('uninstall', 'kept', '-n', namespace, '--keep-history');
  await eventually(async () => expect((await api.get(namespace, 'kept')).status).toBe(404));
  const { body: list } = await api.list(namespace);
  expect(list.items.map(({ name }) => name)).not.toContain('kept');
  expect((await upgrade('kept', {})).status).toBe(404);
  await install('kept', { note: 'again' });
  await seen('kept', { version: 2, configValues: { note: 'again' } });
  const gone = await api.remove(namespace, 'kept', { keepHistory: true });
  expect(gone.status, gone.text).toBe(200);
  expect((await api.get(namespace, 'kept')).status).toBe(404);
  expect(await helm.run('list', '-n', namespace, '--uninstalled', '-q')).toContain('kept');
  await helm.run('rollback', 'kept', '2', '-n', namespace);
  await seen('kept', { configValues: { note: 'again' } });
});

test('a detached release is left to helm, and can be adopted again', async () => {
  await install('left');
  expect((await change('left', 'detach')).status).toBe(200);
  const foreign = await seen('left', { version: 2, outside: { revision: 0 } });
  expect(foreign.releaseLabels).toEqual({});
  expect(await helm.run('get', 'manifest', 'left', '-n', namespace)).not.toContain('ReleaseConfig');
  await helm.run('upgrade', 'left', archive, '-n', namespace, '--set', 'note=helm');
  expect((await change('left', 'adopt')).status).toBe(200);
  const adopted = await seen('left', { version: 4, configValues: { note: 'helm' } });
  expect(adopted.outside).toBeUndefined();
});
