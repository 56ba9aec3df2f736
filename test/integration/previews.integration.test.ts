import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { ChangePreview } from '../../contract/operations/parts/change-preview.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'previews';
const configMap = (name: string, annotations = '{}') => `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-${name}", annotations: ${annotations}}
data: {size: "{{ .Values.size }}"}
`;
const chart = buildChart('previewed', {
  'values.yaml': 'size: 1\nextra: false\n',
  'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`,
  'templates/plain.yaml': configMap('plain'),
  'templates/kept.yaml': configMap('kept', '{"helm.sh/resource-policy": keep}'),
  'templates/extra.yaml': `{{ if .Values.extra }}\n${configMap('extra')}{{ end }}`,
  'templates/hook.yaml': configMap('hook', '{"helm.sh/hook": pre-delete}'),
}).bytes;

const path = `/api/v1/release/${namespace}/name/web`;

async function preview(method: 'POST' | 'DELETE', suffix = '', query = {}): Promise<ChangePreview> {
  const answer = await api.send(method, `${path}${suffix}`, { query: { dryrun: true, ...query } });
  expect([answer.status, answer.headers.get('walm-task-id')], answer.text).toEqual([200, null]);
  return answer.body as ChangePreview;
}

const fates = ({ objects }: ChangePreview) =>
  objects.filter(({ kind }) => kind !== 'Pod').map(({ kind, name, outcome }) => `${outcome} ${kind} ${name}`);

const exists = async (name: string) =>
  (await kube.find(`/api/v1/namespaces/${namespace}/configmaps/${name}`)) !== undefined;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  await api.mustInstall({ namespace, body: { name: 'web' }, archive: chart });
  const answer = await api.upgrade({ namespace, body: { name: 'web', configValues: { size: 2, extra: true } } });
  if (answer.status !== 200) {
    throw new Error(answer.text);
  }
});

afterAll(() => kube.close());

test('a rollback is foretold as it comes true', async () => {
  const told = await preview('POST', '/rollback', { revision: 1 });
  expect(fates(told)).toEqual(
    expect.arrayContaining(['changed ConfigMap web-plain', 'deleted ConfigMap web-extra', 'kept Deployment web']),
  );
  expect(told.objects.find(({ name }) => name === 'web-plain')?.differences).toEqual([
    { path: '/data/size', old: '2', new: '1' },
  ]);
  expect(await exists('web-extra')).toBe(true);
});

test('a pause is foretold with what it changes', async () => {
  const told = await preview('POST', '/pause');
  expect(fates(told)).toEqual(expect.arrayContaining(['changed Deployment web', 'kept ConfigMap web-plain']));
  expect(told.refused).toBeUndefined();
  expect((await api.get(namespace, 'web')).body).toMatchObject({ version: 2, paused: false });
});

test('a detachment leaves everything but what Walm knows', async () => {
  const told = await preview('POST', '/detach');
  expect(fates(told).filter((fate) => !fate.startsWith('kept'))).toEqual(['deleted ReleaseConfig web']);
  expect((await api.get(namespace, 'web')).body).toMatchObject({ version: 2 });
});

test('an upgrade is foretold with what stays of what the chart no longer has, and why', async () => {
  const less = buildChart('previewed', {
    'templates/plain.yaml': configMap('plain'),
    'values.yaml': 'size: 1\n',
  }).bytes;
  const order = { namespace, body: { name: 'web' }, archive: less };
  const told = await api.dryRun({ ...order, query: { diff: true } });
  const { objects } = told.body as unknown as { objects: { change: string; name: string; reason?: string }[] };
  const ofMaps = objects.filter(({ name }) => /-(kept|extra)$/.test(name));
  expect(ofMaps.map(({ change, name }) => `${change} ${name}`).toSorted()).toEqual([
    'kept web-kept',
    'removed web-extra',
  ]);
  expect(ofMaps.find(({ change }) => change === 'kept')?.reason).toContain('resource policy');
  const form = chartForm({ name: 'web' }, less);
  const shown = await api.send('POST', `/api/v1/release/${namespace}/preview`, { body: form });
  const previewed = (shown.body as { objects: typeof objects }).objects;
  for (const { name, change, reason } of ofMaps) {
    expect(previewed.find((one) => one.name === name)).toMatchObject({ change, ...(reason && { reason }) });
  }
});

test('removing what is not there is a warning, and an amount that cannot be read, too', async () => {
  const idle = { releaseLabels: { zzz: '' }, dependencies: { zzz: '' }, outputs: { ZZ: '' }, strategy: {} };
  const told = await api.dryRun({ namespace, body: { name: 'web', ...idle } });
  for (const code of ['LABEL_NOT_SET', 'DEPENDENCY_NOT_SET', 'OUTPUT_NOT_SET', 'STRATEGY_NOT_SET']) {
    expect(told.headers.get('walm-warnings')).toContain(code);
  }
  const giant = buildChart('giant', {
    'templates/pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: giant}
spec: {containers: [{name: a, image: "nginx:1", resources: {limits: {example.com/x: "1e400"}}}]}
`,
  }).bytes;
  const totals = await api.send('POST', `/api/v1/release/${namespace}/dryrun/withchart/resources`, {
    body: chartForm({ name: 'giant' }, giant),
  });
  expect(totals.headers.get('walm-warnings'), totals.text).toContain('QUANTITY_NOT_COUNTED');
});

test('a delete that leaves something says what, and so does the next one', async () => {
  const held = buildChart('held', {
    'templates/a.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\ndata: {}\n',
  }).bytes;
  await api.mustInstall({ namespace, body: { name: 'held' }, archive: held });
  const first = await api.remove(namespace, 'held', { operationTimeoutSec: 2 });
  expect([first.status, first.text]).toEqual([504, expect.stringContaining('example.com/hold')]);
  const second = await api.remove(namespace, 'held');
  expect([second.status, second.text]).toEqual([404, expect.stringContaining('example.com/hold')]);
  expect(await exists('held')).toBe(true);
  const object = `/api/v1/namespaces/${namespace}/configmaps/held`;
  await kube.call('PATCH', object, { metadata: { finalizers: null } }, 'application/merge-patch+json');
});

test('a delete is foretold as it comes true', async () => {
  const told = await preview('DELETE');
  const names = (outcome: string) =>
    told.objects.filter((one) => one.outcome === outcome && one.kind === 'ConfigMap').map(({ name }) => name);
  expect(names('deleted').toSorted()).toEqual(['web-extra', 'web-plain']);
  expect(names('kept')).toEqual(['web-kept']);
  expect(fates(told)).toContain('deleted Deployment web');
  expect(told.hooks).toMatchObject([{ kind: 'ConfigMap', name: 'web-hook' }]);
  expect((await api.get(namespace, 'web')).body).toMatchObject({ version: 2, status: 'deployed' });
  const answer = await api.remove(namespace, 'web');
  expect(answer.status, answer.text).toBe(200);
  expect(await Promise.all([...names('deleted'), ...names('kept')].map(exists))).toEqual([false, false, true]);
  const gone = await api.remove(namespace, 'web', { dryrun: true });
  expect([gone.status, gone.body]).toMatchObject([404, { code: 'RELEASE_NOT_FOUND' }]);
});

test('a dry run answers what the cluster would refuse, in the code of the change', async () => {
  const selecting = buildChart('selecting', {
    'values.yaml': 'app: a\nport: 80\n',
    'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: "{{ .Values.app }}"}}
  template:
    metadata: {labels: {app: "{{ .Values.app }}"}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`,
    'templates/service.yaml': `apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {selector: {app: a}, ports: [{port: {{ .Values.port }}}]}
`,
  }).bytes;
  await api.mustInstall({ namespace, body: { name: 'judged' }, archive: selecting });
  for (const configValues of [{ app: 'b' }, { port: 99999 }, { port: 81 }]) {
    const order = { namespace, body: { name: 'judged', configValues } };
    const foretold = await api.dryRun(order);
    const rendered = await api.dryRun({ ...order, query: { validate: 'client' } });
    const came = await api.upgrade(order);
    const codeOf = ({ body }: { body: unknown }) => (body as { code?: string } | undefined)?.code;
    expect([foretold.status, codeOf(foretold)], foretold.text).toEqual([came.status, codeOf(came)]);
    expect(rendered.status).toBe(200);
  }
});
