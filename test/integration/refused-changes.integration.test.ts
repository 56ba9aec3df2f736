import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { freezeDeployment } from '../harness/clients/frozen-deployment.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

/** A claim whose class is null, which the cluster stores as another value, beside a workload. */
const chart = (version: string) =>
  buildChart(
    'store',
    {
      'values.yaml': 'replicas: 2\nmode: ReadWriteOnce\nnote: first\n',
      'templates/all.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: {name: note}
data: {note: {{ .Values.note | quote }}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [{{ .Values.mode }}], storageClassName: null, resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: scaled}
spec:
  selector: {matchLabels: {app: scaled}}
  template:
    metadata: {labels: {app: scaled}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`,
    },
    version,
  ).bytes;

const body = (given: Record<string, unknown> = {}) => ({ name: 'app', ...given });
const post = (namespace: string, what: string) => api.send('POST', `/api/v1/release/${namespace}/name/app/${what}`);
const replicasOf = async (namespace: string) => {
  const paths = ['web', 'scaled'].map((name) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  const found = await Promise.all(paths.map((path) => kube.find(path)));
  return found.map((one) => (one?.['spec'] as { replicas?: number } | undefined)?.replicas);
};
const scale = (namespace: string, name: string, replicas: number) =>
  kube.call(
    'PATCH',
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`,
    { spec: { replicas } },
    'application/merge-patch+json',
  );

const refuseWeb = (namespace: string) => freezeDeployment(kube, namespace, 'web');

let namespace: string;
beforeAll(async () => {
  namespace = await createNamespace(kube, 'refused');
  const labels = { team: 'a' };
  await api.mustInstall({ namespace, body: body({ releaseLabels: labels }), archive: chart('1.0.0') });
});

test('a refused upgrade is history: what runs is shown, and nothing of it comes along later', async () => {
  await eventually(async () => expect((await api.get(namespace, 'app')).body).toMatchObject({ ready: true }));
  expect((await scale(namespace, 'scaled', 5)).status).toBe(200);
  const refused = await api.upgrade({
    namespace,
    body: body({
      configValues: { mode: 'ReadWriteMany', note: 'refused', replicas: 3 },
      releaseLabels: { bad: 'x' },
      plugins: [{ name: 'ImageRegistry', args: { registry: 'r.example.com' } }],
      onFailure: 'pause',
    }),
    archive: chart('2.0.0'),
  });
  expect(refused.status).toBe(422);
  const { body: shown } = await api.get(namespace, 'app');
  expect(shown).toMatchObject({
    version: 1,
    status: 'deployed',
    chartVersion: '1.0.0',
    configValues: {},
    releaseLabels: { team: 'a' },
    plugins: [],
    lastFailure: { revision: 2, code: problemOf(refused).code },
  });
  await eventually(async () =>
    expect((await api.get(namespace, 'app')).body).toMatchObject({ ready: true, message: '' }),
  );
  expect((await api.list(namespace, { labelselector: 'bad=x' })).body.total).toBe(0);
  expect((await api.list(namespace, { labelselector: 'team=a' })).body.items).toHaveLength(1);
  // What the change had modified before it was refused is restored.
  expect(await replicasOf(namespace)).toEqual([2, 5]);
  expect((await kube.find(`/api/v1/namespaces/${namespace}/configmaps/note`))?.['data']).toEqual({ note: 'first' });

  const next = await api.upgrade({
    namespace,
    body: body({ releaseLabels: { good: 'y' } }),
    query: { expectedRevision: 1 },
  });
  expect(next.status).toBe(200);
  const { body: after } = await api.get(namespace, 'app');
  expect(after).toMatchObject({ version: 3, chartVersion: '1.0.0', configValues: {}, plugins: [] });
  expect(after.releaseLabels).toEqual({ team: 'a', good: 'y' });
  expect(after.lastFailure).toBeUndefined();
});

test('documents that did not change are left alone, whatever the cluster made of them', async () => {
  for (const configValues of [{ note: 'second' }, { note: 'third' }]) {
    expect((await api.upgrade({ namespace, body: body({ configValues }) })).status).toBe(200);
  }
  const forced = { namespace, body: body({ configValues: { note: 'forced' } }), query: { forceConflicts: true } };
  expect((await api.upgrade(forced)).status).toBe(200);
  const { body: shown } = await api.get(namespace, 'app');
  expect((await api.send('POST', `/api/v1/release/${namespace}/name/app/rollback?revision=1`)).status).toBe(200);
  expect((await api.get(namespace, 'app')).body.version).toBe(shown.version + 1);
  expect(await replicasOf(namespace)).toEqual([2, 5]);
});

test('a pause that is refused half-way is taken back, down to what others scaled', async () => {
  const { body: before } = await api.get(namespace, 'app');
  const allow = await refuseWeb(namespace);
  const refused = await post(namespace, 'pause');
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'ADMISSION_REFUSED']);
  expect(await replicasOf(namespace)).toEqual([2, 5]);
  expect((await api.get(namespace, 'app')).body).toMatchObject({
    version: before.version,
    paused: false,
    plugins: [],
    lastFailure: { code: 'ADMISSION_REFUSED' },
  });
  await allow();
  expect((await post(namespace, 'recover')).status).toBe(200);
  expect(await replicasOf(namespace)).toEqual([2, 5]);
  expect((await post(namespace, 'pause')).status).toBe(200);
  expect(await replicasOf(namespace)).toEqual([0, 0]);
});

test('a recovery that is refused half-way leaves the release paused, and the next one gives back all', async () => {
  const allow = await refuseWeb(namespace);
  expect((await post(namespace, 'recover')).status).toBe(422);
  expect(await replicasOf(namespace)).toEqual([0, 0]);
  expect((await api.get(namespace, 'app')).body).toMatchObject({ paused: true });
  expect((await post(namespace, 'pause')).status).toBe(200);
  await allow();
  expect((await post(namespace, 'recover')).status).toBe(200);
  expect(await replicasOf(namespace)).toEqual([2, 5]);
  expect((await api.get(namespace, 'app')).body).toMatchObject({ paused: false });
});
