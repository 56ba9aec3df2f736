import { afterAll, expect, inject, test } from 'vitest';

import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const chart = fixtureChart('misbehaving').bytes;
afterAll(() => kube.close());

test.each([
  ['image-pull-backoff', {}, /^(ImagePullBackOff|ErrImagePull)$/],
  ['crash-loop', {}, /^CrashLoopBackOff$/],
  ['pending', {}, /^Unschedulable$/],
  ['container-creating', {}, /./],
  ['', { cpu: '1000' }, /^Unschedulable$/],
])('behaviour %j with %j: message and waitingFor name the reason', async (behaviour, values, reason) => {
  const namespace = await createNamespace(kube, `misbehaving-${behaviour || 'too-large'}`);
  const annotations = behaviour ? { 'sandbox.walm.io/behaviour': behaviour } : {};
  await api.mustInstall({ namespace, body: { name: 'app', configValues: { annotations, ...values } }, archive: chart });
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    expect(body.ready).toBe(false);
    expect(body.message).toMatch(new RegExp(`^Deployment ${namespace}/app is in state Pending: .+`));
    const awaited = body.waitingFor.find((entry) => reason.test(entry.reason));
    expect(awaited, JSON.stringify(body.waitingFor)).toBeDefined();
    expect(awaited?.namespace).toBe(namespace);
    expect(body.message).toContain(awaited?.reason);
    expect(awaited?.container ?? '').toMatch(behaviour === 'pending' || behaviour === '' ? /^$/ : /^main$/);
  });
  expect((await api.remove(namespace, 'app')).status).toBe(200);
});

test('a pod that becomes ready late makes the release ready late', async () => {
  const namespace = await createNamespace(kube, 'misbehaving-slow');
  const readyAfter = (time: string) => ({
    name: 'app',
    configValues: { annotations: { 'sandbox.walm.io/ready-after': time } },
  });
  await api.mustInstall({ namespace, body: readyAfter('1h'), archive: chart });
  expect((await api.get(namespace, 'app')).body.ready).toBe(false);
  expect((await api.upgrade({ namespace, body: readyAfter('1s') })).status).toBe(200);
  await eventually(async () =>
    expect((await api.get(namespace, 'app')).body).toMatchObject({ ready: true, waitingFor: [] }),
  );
  const { body } = await api.get(namespace, 'app');
  const [deployment] = body.releaseStatus?.deployments ?? [];
  expect(deployment).toMatchObject({ expectedReplicas: 1, availableReplicas: 1, state: { status: 'Ready' } });
  expect(deployment?.pods?.[0]?.containers).toMatchObject([
    { name: 'main', ready: true, image: 'registry.example/main:1' },
  ]);
});

test('a quota that stops pods is named', async () => {
  const namespace = await createNamespace(kube, 'misbehaving-quota');
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'no-pods' },
    spec: { hard: { pods: '0' } },
  };
  await kube.create(`/api/v1/namespaces/${namespace}/resourcequotas`, quota);
  await eventually(async () => {
    const found = await kube.find(`/api/v1/namespaces/${namespace}/resourcequotas/no-pods`);
    expect(JSON.stringify(found)).toContain('"used":{"pods":"0"}');
  });
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: chart });
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    expect(body.ready).toBe(false);
    expect(body.message).toContain('no-pods');
  });
});

test('a claim that does not bind, a service and a job have their say', async () => {
  const namespace = await createNamespace(kube, 'misbehaving-claim');
  const claim = `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {storageClassName: no-such-class, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n`;
  const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {backoffLimit: 0, template: {metadata: {annotations: {sandbox.walm.io/behaviour: fail}}, spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}\n`;
  const { bytes } = buildChart('claims', { 'templates/x.yaml': `${claim}---\n${job}` });
  await api.mustInstall({ namespace, body: { name: 'app' }, archive: bytes });
  await eventually(async () => {
    const { body } = await api.get(namespace, 'app');
    expect(body.ready).toBe(false);
    expect(body.message).toContain(`Job ${namespace}/once is in state Pending`);
    expect(body.waitingFor.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining(['PersistentVolumeClaim data', 'Job once']),
    );
  });
});
