import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const helm = createHelmCli(kubeconfig);
afterAll(() => {
  kube.close();
  helm.close();
});

let namespace: string;
beforeAll(async () => {
  namespace = await createNamespace(kube, 'stuck');
});
const isReady = (name: string) =>
  eventually(async () => expect((await api.get(namespace, name)).body).toMatchObject({ ready: true }));

const hooked = buildChart('hooked', {
  'templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {v: "{{ .Values.v }}"}\n',
  'templates/h.yaml': `
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-hook"
  annotations: {"helm.sh/hook": "pre-delete,pre-upgrade,pre-rollback"}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {"sandbox.walm.io/behaviour": fail}}
    spec: {restartPolicy: Never, containers: [{name: j, image: registry.example/main:1}]}
`,
}).bytes;

test('a delete that a hook refuses leaves the release as it was, and the hooks can be left out', async () => {
  await api.mustInstall({ namespace, body: { name: 'hooked' }, archive: hooked });
  const refused = await api.remove(namespace, 'hooked');
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'HOOK_FAILED']);
  expect((await api.get(namespace, 'hooked')).body).toMatchObject({
    version: 1,
    status: 'deployed',
    ready: true,
    message: '',
    lastFailure: { code: 'HOOK_FAILED' },
  });
  const body = { name: 'hooked', configValues: { v: 2 } };
  expect(problemOf(await api.upgrade({ namespace, body })).code).toBe('HOOK_FAILED');
  expect((await api.upgrade({ namespace, body, query: { hooks: false } })).status).toBe(200);
  const rollback = (query: string) => api.send('POST', `/api/v1/release/${namespace}/name/hooked/rollback?${query}`);
  expect(problemOf(await rollback('revision=1')).code).toBe('HOOK_FAILED');
  expect((await rollback('revision=1&hooks=false')).status).toBe(200);
  expect((await api.remove(namespace, 'hooked')).status).toBe(422);
  expect((await api.remove(namespace, 'hooked', { hooks: false })).status).toBe(200);
  expect((await api.get(namespace, 'hooked')).status).toBe(404);
});

const passing = buildChart('passing', {
  'templates/a.yaml': `
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  ttlSecondsAfterFinished: 0
  template:
    spec: {restartPolicy: Never, containers: [{name: j, image: "registry.example/{{ .Values.image }}:1"}]}
`,
  'values.yaml': 'image: main\n',
}).bytes;

test('a Job that removed itself is done, is not drift, and runs again only when it changes', async () => {
  const job = `/apis/batch/v1/namespaces/${namespace}/jobs/once`;
  await api.mustInstall({ namespace, body: { name: 'passing' }, archive: passing });
  await eventually(async () => expect(await kube.find(job)).toBeUndefined());
  await isReady('passing');
  const post = (what: string) => api.send('POST', `/api/v1/release/${namespace}/name/passing/${what}`);
  expect((await post('pause')).status).toBe(200);
  expect((await post('recover')).status).toBe(200);
  const labelled = { name: 'passing', releaseLabels: { a: 'b' } };
  expect((await api.upgrade({ namespace, body: labelled })).status).toBe(200);
  expect(await kube.find(job)).toBeUndefined();
  const drift = await api.send('GET', `/api/v1/release/${namespace}/name/passing/drift`);
  expect(drift.body).toMatchObject({ drifted: false });
  const changed = { name: 'passing', configValues: { image: 'other' } };
  expect((await api.upgrade({ namespace, body: changed })).status).toBe(200);
  await eventually(async () => {
    const events = await kube.list(`/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.name=once`);
    expect(events.filter((event) => event['reason'] === 'SuccessfulCreate').length).toBe(2);
  });
});

test('a Job that removed itself is done in a revision of plain helm and in a detached one, too', async () => {
  const job = `/apis/batch/v1/namespaces/${namespace}/jobs/once`;
  const isGoneAndDone = async (name: string) => {
    await eventually(async () => expect(await kube.find(job)).toBeUndefined());
    await isReady(name);
  };
  await api.remove(namespace, 'passing');
  const file = join(helm.folder, 'passing.tgz');
  writeFileSync(file, passing);
  await helm.run('install', 'plain', file, '--namespace', namespace);
  await isGoneAndDone('plain');
  const labelled = { name: 'plain', releaseLabels: { a: 'b' } };
  expect((await api.upgrade({ namespace, body: labelled })).status).toBe(200);
  await isGoneAndDone('plain');
  expect((await api.send('POST', `/api/v1/release/${namespace}/name/plain/detach`)).status).toBe(200);
  await isGoneAndDone('plain');
  await helm.run('upgrade', 'plain', file, '--namespace', namespace, '--set', 'image=third');
  await isGoneAndDone('plain');
  expect((await api.send('POST', `/api/v1/release/${namespace}/name/plain/adopt`)).status).toBe(200);
  await isGoneAndDone('plain');
});

const set = buildChart('set', {
  'templates/a.yaml': `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: "{{ .Values.app }}"}}
  template:
    metadata: {labels: {app: "{{ .Values.app }}"}}
    spec: {containers: [{name: db, image: registry.example/main:1}]}
`,
  'values.yaml': 'app: first\n',
}).bytes;

test('pods are orphaned only where the new StatefulSet finds them', async () => {
  await api.mustInstall({ namespace, body: { name: 'set' }, archive: set });
  await isReady('set');
  const body = { name: 'set', configValues: { app: 'second' } };
  const refused = await api.upgrade({ namespace, body, query: { recreate: 'orphan' } });
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'FIELD_IMMUTABLE']);
  expect(refused.text).toContain('recreate=delete');
  expect((await api.get(namespace, 'set')).body).toMatchObject({ version: 1, ready: true });
  expect((await api.upgrade({ namespace, body, query: { recreate: 'delete' } })).status).toBe(200);
  await isReady('set');
  expect((await api.remove(namespace, 'set')).status).toBe(200);
  expect(await kube.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=app in (first,second)`)).toEqual([]);
});

test('two templates with one object are refused, and named', async () => {
  const one = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: same}\ndata: {}\n';
  const twice = buildChart('twice', { 'templates/a.yaml': one, 'templates/b.yaml': one }).bytes;
  const refused = await api.install({ namespace, body: { name: 'twice' }, archive: twice });
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'MANIFEST_INVALID']);
  expect(refused.text).toContain('twice/templates/a.yaml');
  expect(refused.text).toContain('twice/templates/b.yaml');
});

const shared = buildChart('shared', {
  'templates/all.yaml': `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Namespace }}-whole", labels: {v: "{{ .Values.v }}"}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {"walm.test/part-of": "{{ .Release.Namespace }}"}}]}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Namespace }}-part", labels: {"walm.test/part-of": "{{ .Release.Namespace }}"}}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: "{{ .Release.Namespace }}-hook", labels: {v: "{{ .Values.v }}"}}
webhooks:
- name: never.walm.test
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  namespaceSelector: {matchLabels: {walm.test/never: "true"}}
  clientConfig: {caBundle: Cg==, service: {name: none, namespace: "{{ .Release.Namespace }}"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: injected, labels: {v: "{{ .Values.v }}"}}
spec:
  replicas: 1
  selector: {matchLabels: {app: injected}}
  template:
    metadata: {labels: {app: injected}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`,
  'values.yaml': 'v: 1\n',
}).bytes;

test('what others set in objects of a release is neither a conflict nor lost', async () => {
  await api.mustInstall({ namespace, body: { name: 'shared' }, archive: shared });
  const paths = {
    role: `/apis/rbac.authorization.k8s.io/v1/clusterroles/${namespace}-whole`,
    hook: `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${namespace}-hook`,
    web: `/apis/apps/v1/namespaces/${namespace}/deployments/injected`,
  };
  const text = async (path: string) => JSON.stringify(await kube.find(path));
  await eventually(async () => expect(await text(paths.role)).toContain('"verbs":["get"]'));
  const patch = (path: string, body: unknown) =>
    kube.call('PATCH', `${path}?fieldManager=injector`, body, 'application/json-patch+json');
  const bundle = [{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: 'aW5qZWN0ZWQ=' }];
  expect((await patch(paths.hook, bundle)).status).toBe(200);
  const containers = '/spec/template/spec/containers';
  const sidecar = [
    { op: 'replace', path: `${containers}/0/image`, value: 'registry.example/main:hotfix' },
    { op: 'add', path: `${containers}/-`, value: { name: 'sidecar', image: 'registry.example/sidecar:1' } },
    { op: 'replace', path: '/spec/replicas', value: 3 },
  ];
  expect((await patch(paths.web, sidecar)).status).toBe(200);

  const body = { name: 'shared', configValues: { v: 2 } };
  const upgraded = await api.upgrade({ namespace, body });
  expect(upgraded.status, upgraded.text).toBe(200);
  expect((await api.upgrade({ namespace, body: { name: 'shared', releaseLabels: { a: 'b' } } })).status).toBe(200);
  for (const [path, theirs] of [
    [paths.role, '"verbs":["get"]'],
    [paths.hook, 'aW5qZWN0ZWQ='],
    [paths.web, 'main:hotfix'],
    [paths.web, 'sidecar:1'],
    [paths.web, '"replicas":3'],
  ] as const) {
    expect(await text(path)).toContain(theirs);
    expect(await text(path)).toContain('"v":"2"');
  }
});
