import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const NAMESPACE = 'conflicts';
const set = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets/db`;

/** Its service's name cannot be changed once it exists. */
const chart = buildChart('db', {
  'templates/db.yaml': `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 1
  serviceName: {{ .Values.service }}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "{{ .Values.image }}"}]}
`,
  'values.yaml': 'service: first\nimage: db:1\n',
});

let server: WalmServer;
let api: WalmApi;

beforeAll(async () => {
  server = await startWalmServer({ kubeconfig });
  api = createWalmApi(server.url);
  await createNamespace(kube, NAMESPACE);
  await api.mustInstall({ namespace: NAMESPACE, body: { name: 'rel' }, archive: chart.bytes });
});

afterAll(async () => {
  await server.stop();
  kube.close();
});

const upgrade = (configValues: Record<string, unknown>, query = {}) =>
  api.upgrade({ namespace: NAMESPACE, body: { name: 'rel', configValues }, query });

test('a field of another manager is a conflict that names it, until it is taken over', async () => {
  const spec = { template: { spec: { containers: [{ name: 'db', image: 'db:hotfix' }] } } };
  const own = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec };
  const path = `${set}?fieldManager=night-shift&force=true`;
  expect((await kube.call('PATCH', path, own, 'application/apply-patch+yaml')).status).toBe(200);

  const refused = await upgrade({ image: 'db:2' });
  expect([refused.status, problemOf(refused).code]).toEqual([409, 'FIELD_CONFLICT']);
  expect(refused.text).toContain('night-shift');
  expect(refused.text).toContain('image');
  expect(JSON.stringify(await kube.find(set))).toContain('db:hotfix');

  expect((await upgrade({ image: 'db:2' }, { forceConflicts: true })).status).toBe(200);
  expect(JSON.stringify((await kube.find(set))?.['spec'])).toContain('db:2');
});

test('an immutable field is refused, or its object recreated on request', async () => {
  const before = await kube.find(set);
  const refused = await upgrade({ service: 'second' });
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'FIELD_IMMUTABLE']);
  expect((await kube.find(set))?.metadata.uid).toBe(before?.metadata.uid);

  expect((await upgrade({ service: 'second' }, { recreate: 'orphan' })).status).toBe(200);
  const after = await kube.find(set);
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  expect(after?.['spec']).toMatchObject({ serviceName: 'second' });
});
