import { afterAll, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { freezeDeployment } from '../harness/clients/frozen-deployment.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

const provider = buildChart('provider', { 'values.yaml': 'word: first\n' }).bytes;
const dependent = buildChart('dependent', {
  'values.yaml': 'mode: ReadWriteOnce\n',
  'templates/all.yaml': `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [{{ .Values.mode }}], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {word: {{ .Values.up.word | quote }}}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`,
}).bytes;

test('a dependent whose upgrade was refused gets what its provider publishes; what is terminal waits for a change', async () => {
  const namespace = await createNamespace(kube, 'refused-dependents');
  const outputs = { word: 'values:word' };
  await api.mustInstall({ namespace, body: { name: 'up', outputs }, archive: provider });
  await api.mustInstall({ namespace, body: { name: 'down', dependencies: { up: 'up' } }, archive: dependent });
  const say = async (word: string) =>
    expect((await api.upgrade({ namespace, body: { name: 'up', configValues: { word } } })).status).toBe(200);
  const worn = async () =>
    JSON.stringify((await kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/web`))?.['spec']);
  const revisions = async () => {
    const { body } = await api.send('GET', `/api/v1/release/${namespace}/name/down/history`);
    return (body as { items: { status: string }[] }).items.map(({ status }) => status);
  };
  const status = async () => (await api.get(namespace, 'down')).body.dependencyStatus?.[0];

  const refused = await api.upgrade({ namespace, body: { name: 'down', configValues: { mode: 'ReadWriteMany' } } });
  expect(refused.status).toBe(422);
  await say('second');
  await eventually(async () => expect(await worn()).toContain('second'));
  await eventually(async () => expect(await status()).toMatchObject({ state: 'Current' }));
  expect((await api.get(namespace, 'down')).body).toMatchObject({ version: 3, configValues: {} });

  const thaw = await freezeDeployment(kube, namespace, 'web');
  await say('third');
  await eventually(async () =>
    expect(await status()).toMatchObject({ state: 'Outdated', error: expect.stringContaining('waits for a change') }),
  );
  const after = await revisions();
  expect(after.filter((one) => one === 'failed')).toHaveLength(2);
  await thaw();
  await say('fourth');
  await eventually(async () => expect(await worn()).toContain('fourth'));
  await eventually(async () => expect(await status()).toMatchObject({ state: 'Current' }));
  expect((await revisions()).filter((one) => one === 'failed')).toHaveLength(2);
});
