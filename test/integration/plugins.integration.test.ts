import { readFileSync } from 'node:fs';
import { afterAll, expect, inject, test } from 'vitest';

import type { PluginInfoList } from '../../contract/schemas/plugin.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { foreignChart } from '../harness/charts/charts.ts';
import { eventually } from '../harness/eventually.ts';
import { type ClusterObject, createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

const WEB = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: 'docker.io/shop/web:1', env: [{name: LEVEL, value: info}]}]
`;
const HOOK = `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: 'pre-install,pre-upgrade', helm.sh/hook-delete-policy: before-hook-creation}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: 'shop/migrate:1'}]}}}
`;
const chart = buildChart('shop', { 'templates/all.yaml': WEB, 'templates/hook.yaml': HOOK }).bytes;

type Pods = {
  template: {
    metadata: { labels: object };
    spec: Record<string, unknown> & { containers: { image: string; env: object[] }[] };
  };
};
const specOf = (object: ClusterObject | undefined) => object?.['spec'] as Pods & { strategy: object; replicas: number };
const deploymentOf = async (namespace: string, name = 'web') =>
  specOf(await kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`));

const plugins = [
  { name: 'LabelPod', args: { labelsToAdd: { team: 'shop' } }, version: '1.0' },
  {
    name: 'NodeAffinity',
    args: { preferred: [{ weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } }] },
  },
  { name: 'ImageRegistry', args: JSON.stringify({ registry: 'r.example' }) },
  {
    name: 'CustomPatch',
    args: {
      patches: [
        {
          target: { kind: 'Deployment', name: 'web' },
          type: 'strategic',
          patch: {
            spec: { template: { spec: { containers: [{ name: 'web', env: [{ name: 'LEVEL', value: 'debug' }] }] } } },
          },
        },
      ],
    },
  },
  { name: 'Ingress', args: { serviceName: 'web', host: 'web.example' } },
];

test('plugins change what runs, and an upgrade without one takes its work away again', async () => {
  const namespace = await createNamespace(kube, 'plugins-at-work');
  await api.mustInstall({ namespace, body: { name: 'shop', plugins }, archive: chart });
  const { template } = await deploymentOf(namespace);
  expect(template.metadata.labels).toEqual({ app: 'web', team: 'shop' });
  expect(template.spec['affinity']).toHaveProperty('nodeAffinity');
  expect(template.spec.containers).toMatchObject([
    { image: 'r.example/shop/web:1', env: [{ name: 'LEVEL', value: 'debug' }] },
  ]);
  const hook = await kube.find(`/apis/batch/v1/namespaces/${namespace}/jobs/migrate`);
  expect(specOf(hook).template.spec.containers[0]?.image).toBe('r.example/shop/migrate:1');
  const ingress = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/web`;
  expect(await kube.find(ingress)).toMatchObject({
    metadata: { annotations: { 'meta.helm.sh/release-name': 'shop' } },
  });

  const without = [
    { name: 'imageregistry', disable: true },
    { name: 'INGRESS', disable: true },
    { name: 'labelpod', disable: true },
  ];
  const answer = await api.upgrade({ namespace, body: { name: 'shop', plugins: without } });
  expect(answer.status, answer.text).toBe(200);
  const after = await deploymentOf(namespace);
  expect(after.template.metadata.labels).toEqual({ app: 'web' });
  expect(after.template.spec.containers).toMatchObject([{ image: 'docker.io/shop/web:1', env: [{ value: 'debug' }] }]);
  expect(after.template.spec['affinity']).toHaveProperty('nodeAffinity');
  expect(await kube.find(ingress)).toBeUndefined();
  const { body } = await api.get(namespace, 'shop');
  expect(body.plugins?.map(({ name }) => name)).toEqual(['NodeAffinity', 'CustomPatch']);
});

test("the document's example: what is not known is kept by its name, removed by it, and warned of", async () => {
  const namespace = await createNamespace(kube, 'plugins-of-document');
  const use = (name: string, disable = false) => ({ name, args: '', version: '1', disable });
  await api.mustInstall({
    namespace,
    body: { name: 'shop', plugins: [use('nodeAffinity'), use('guardian')] },
    archive: chart,
  });
  const installed = await api.get(namespace, 'shop');
  expect(installed.body.warnings.map(({ code }) => code)).toEqual(['PLUGIN_WITHOUT_ARGS', 'PLUGIN_UNKNOWN']);
  const body = { name: 'shop', plugins: [use('guardian', true), use('ingress')] };
  const answer = await api.upgrade({ namespace, body });
  expect(answer.status, answer.text).toBe(200);
  expect((await api.get(namespace, 'shop')).body.plugins).toEqual([use('nodeAffinity'), use('ingress')]);
});

test('plugins of the chart are part of the release until it switches them off, and the strategy is written', async () => {
  const namespace = await createNamespace(kube, 'plugins-of-chart');
  const meta = 'plugins: [{name: LabelPod, args: \'{"labelsToAdd": {"by": "chart"}}\', version: \'1.0\'}]';
  const own = buildChart('shop', { 'templates/all.yaml': WEB, 'transwarp-meta/metainfo.yaml': meta }).bytes;
  await api.mustInstall({
    namespace,
    body: { name: 'shop', strategy: { maxSurge: 2, maxUnavailable: 0 } },
    archive: own,
  });
  const installed = await deploymentOf(namespace);
  expect(installed.template.metadata.labels).toEqual({ app: 'web', by: 'chart' });
  expect(installed.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } });
  for (const body of [
    { name: 'shop', plugins: [{ name: 'LabelPod', disable: true }], strategy: { type: 'Recreate' } },
    { name: 'shop' },
  ]) {
    const answer = await api.upgrade({ namespace, body });
    expect(answer.status, answer.text).toBe(200);
    const { template, strategy } = await deploymentOf(namespace);
    expect([template.metadata.labels, strategy]).toEqual([{ app: 'web' }, { type: 'Recreate' }]);
    expect((await api.get(namespace, 'shop')).body.plugins).toEqual([]);
  }
});

test('what a plugin must not do, or cannot, is refused and leaves nothing behind', async () => {
  const namespace = await createNamespace(kube, 'plugins-refused');
  const patch = { spec: { template: { spec: { hostNetwork: true } } } };
  const opening = { patches: [{ target: { kind: 'Deployment', name: 'web' }, type: 'merge', patch }] };
  const install = (plugin: object) =>
    api.install({ namespace, body: { name: 'shop', plugins: [plugin] }, archive: chart });
  const refused = problemOf(await install({ name: 'CustomPatch', args: opening }));
  expect([refused.code, refused.errMessage]).toEqual(['PLUGIN_REFUSED', expect.stringContaining('hostNetwork')]);
  const missing = problemOf(await install({ name: 'Ingress', args: { serviceName: 'wep' } }));
  expect(missing.errMessage).toContain('no Service wep; it has: web');
  const wrong = problemOf(await install({ name: 'LabelPod', args: { labelsToAdd: 5 } }));
  expect([wrong.code, wrong.details]).toEqual([
    'REQUEST_INVALID',
    { errors: [{ pointer: '/plugins/0/args/labelsToAdd', message: expect.any(String) as string }] },
  ]);
  const dry = await api.dryRun({
    namespace,
    body: { name: 'shop', plugins: [{ name: 'CustomPatch', args: opening }] },
    archive: chart,
  });
  expect(problemOf(dry).code).toBe('PLUGIN_REFUSED');
  expect((await kube.list(`/api/v1/namespaces/${namespace}/services`)).map(({ metadata }) => metadata.name)).toEqual(
    [],
  );
  expect(await deploymentOf(namespace)).toBeUndefined();
});

test('plugins are listed with what their arguments can be', async () => {
  const { status, body } = await api.send('GET', '/api/v1/plugin');
  const { items } = body as PluginInfoList;
  expect(status).toBe(200);
  expect(items.map(({ name }) => name)).toEqual([
    'CustomConfigmap',
    'CustomPatch',
    'ImageRegistry',
    'Ingress',
    'LabelPod',
    'NodeAffinity',
    'PauseRelease',
    'Tolerations',
    'ValidateReleaseConfig',
  ]);
  expect(items.filter(({ builtIn }) => builtIn).map(({ name }) => name)).toEqual(['ValidateReleaseConfig']);
  const labelPod = items.find(({ name }) => name === 'LabelPod');
  expect(labelPod?.args).toMatchObject({ type: 'object', properties: { labelsToAdd: { type: 'object' } } });
  expect(labelPod?.example).toHaveProperty('labelsToAdd');
});

const tomcat = foreignChart('tomcat-0.2.0');
test.skipIf(tomcat === undefined)('a chart of apps/v1beta2 installs with a warning and becomes ready', async () => {
  const namespace = await createNamespace(kube, 'plugins-tomcat');
  await api.mustInstall({ namespace, body: { name: 'tomcat' }, archive: readFileSync(tomcat ?? '') });
  await eventually(async () => {
    const { body } = await api.get(namespace, 'tomcat');
    expect([body.ready, body.message]).toEqual([true, expect.any(String)]);
  });
  const { body } = await api.get(namespace, 'tomcat');
  expect(body.warnings).toMatchObject([
    {
      code: 'API_VERSION_CONVERTED',
      object: { apiVersion: 'apps/v1beta2', kind: 'Deployment', name: 'tomcat' },
    },
  ]);
});
