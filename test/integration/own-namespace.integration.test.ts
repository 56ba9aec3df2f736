import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart, type ChartFiles } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, chartForm, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const system = 'walm-system';
const namespace = 'own-namespace';
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);

const planted = (rest = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: planted, namespace: ${system}${rest}}\ndata: {a: b}\n`;
const plantedJson = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'planted', namespace: system },
});
const harmless = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: harmless}\n';
const definition = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'pens.reserved.example.com' },
  spec: {
    group: 'reserved.example.com',
    names: { kind: 'Pen', listKind: 'PenList', plural: 'pens', singular: 'pen' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
});
const indented = (text: string) => `- ${text.trim().replaceAll('\n', '\n  ')}\n`;
const list = (kind: string, item = planted()) => `apiVersion: v1\nkind: ${kind}\nitems:\n${indented(item)}`;
const subchart = (files: ChartFiles): ChartFiles => ({
  'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
  ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`charts/sub/${path}`, text])),
});
const hook = (events: string) => planted(`, annotations: {"helm.sh/hook": "${events}"}`);

/** What charts can put into Walm's namespace, by the place of the object. */
const templates: Record<string, ChartFiles> = {
  'a template': { 'templates/x.yaml': planted() },
  'a template in JSON': { 'templates/x.yaml': plantedJson },
  'a template of a subchart': subchart({ 'templates/x.yaml': planted() }),
  'a List': { 'templates/x.yaml': list('List') },
  'a ConfigMapList of items without a kind': {
    'templates/x.yaml': list('ConfigMapList', `metadata: {name: planted, namespace: ${system}}`),
  },
  'a list of another kind': { 'templates/x.yaml': list('Whatever') },
  'an object with generateName': { 'templates/x.yaml': planted().replace('name: planted', 'generateName: planted-') },
  'a hook with generateName': {
    'templates/x.yaml': hook('pre-install,pre-upgrade').replace('name: planted', 'generateName: planted-'),
  },
  'a hook of the change': { 'templates/x.yaml': hook('pre-install,pre-upgrade') },
  'a hook of another change': { 'templates/x.yaml': hook('post-delete') },
  'a test': { 'templates/x.yaml': hook('test') },
  'a computed namespace': {
    'templates/x.yaml': planted().replace(system, '{{ printf "%s-%s" "walm" "system" }}'),
  },
  'an unknown kind': {
    'templates/x.yaml': planted().replace('v1', 'none.example.com/v1').replace('ConfigMap', 'None'),
  },
  'a kept object': { 'templates/x.yaml': planted(', annotations: {"helm.sh/resource-policy": keep}') },
  'the namespace itself': { 'templates/x.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${system}}\n` },
};
/** Written by installs, and by upgrades with `crds=apply`. */
const definitions: Record<string, ChartFiles> = {
  'crds/': { 'crds/a.yaml': definition, 'crds/x.yaml': planted() },
  'crds/ of a subchart': subchart({ 'crds/x.yaml': planted() }),
  'crds/ with a List': { 'crds/x.yaml': list('List') },
  'crds/ with several documents': { 'crds/x.yaml': `${definition}\n---\n${harmless}---\n${planted()}` },
  'crds/ in JSON': { 'crds/x.json': plantedJson },
  'crds/ with the namespace itself': {
    'crds/x.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${system}}\n`,
  },
  'crds/ with an object of the defined kind': {
    'crds/x.yaml': `${definition}\n---\n${planted().replace('v1', 'reserved.example.com/v1').replace('ConfigMap', 'Pen')}`,
  },
};

const archiveOf = (files: ChartFiles) =>
  buildChart('reserved', {
    'templates/harmless.yaml': `${harmless.replace('harmless', '{{ .Release.Name }}')}`,
    ...files,
  }).bytes;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  await api.mustInstall({ namespace, body: { name: 'present' }, archive: archiveOf({}) });
});
afterAll(() => kube.close());

function expectRefused(answer: ApiAnswer) {
  expect(answer.status, answer.text).toBe(422);
  expect(problemOf(answer), answer.text).toMatchObject({ code: 'NAMESPACE_RESERVED', details: { namespace: system } });
}

function totals(name: string, archive: Buffer, query = {}): Promise<ApiAnswer> {
  return api.send('POST', `/api/v1/release/${namespace}/dryrun/withchart/resources`, {
    query,
    body: chartForm({ name }, archive),
  });
}

async function expectNothingPlanted(): Promise<void> {
  const maps = await kube.list(`/api/v1/namespaces/${system}/configmaps`);
  expect(maps.filter(({ metadata }) => metadata.name.startsWith('planted'))).toEqual([]);
  expect(
    await kube.find('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/pens.reserved.example.com'),
  ).toBeUndefined();
  const records = await kube.list(`/api/v1/namespaces/${namespace}/secrets`);
  expect(records.filter(({ metadata }) => /planted|\.v2$/.test(metadata.name))).toEqual([]);
}

describe("an object in Walm's own namespace is refused by dry run, totals and change alike", () => {
  test.each(Object.entries({ ...templates, ...definitions }))('%s, by an install', async (_, files) => {
    const order = { namespace, body: { name: 'planted' }, archive: archiveOf(files) };
    for (const query of [{}, { validate: 'client' }, { diff: true }, { crds: 'apply' }]) {
      expectRefused(await api.dryRun({ ...order, query }));
    }
    expectRefused(await totals('planted', order.archive));
    for (const query of [{}, { crds: 'apply' }]) expectRefused(await api.install({ ...order, query }));
    await expectNothingPlanted();
  });

  test.each(Object.entries(templates))('%s, by an upgrade', async (_, files) => {
    const order = { namespace, body: { name: 'present' }, archive: archiveOf(files) };
    for (const query of [{}, { validate: 'client' }, { diff: true }])
      expectRefused(await api.dryRun({ ...order, query }));
    expectRefused(await totals('present', order.archive));
    expectRefused(await api.upgrade(order));
    await expectNothingPlanted();
  });

  test.each(Object.entries(definitions))('%s, by an upgrade that applies them', async (_, files) => {
    const order = { namespace, body: { name: 'present' }, archive: archiveOf(files), query: { crds: 'apply' } };
    expectRefused(await api.dryRun(order));
    expectRefused(await api.dryRun({ ...order, query: { crds: 'apply', validate: 'client' } }));
    expectRefused(await api.upgrade(order));
    await expectNothingPlanted();
  });
});

test('crds/ that the change does not write are not refused', async () => {
  const archive = archiveOf(definitions['crds/']!);
  for (const query of [{ crds: 'skip' }, { crds: 'skip', validate: 'client' }]) {
    const foreseen = await api.dryRun({ namespace, body: { name: 'skipping' }, archive, query });
    expect(foreseen.status, foreseen.text).toBe(200);
  }
  await api.mustInstall({ namespace, body: { name: 'skipping' }, archive, query: { crds: 'skip' } });
  const order = { namespace, body: { name: 'skipping' }, archive };
  for (const answer of [await api.dryRun(order), await api.upgrade(order)])
    expect(answer.status, answer.text).toBe(200);
  await api.remove(namespace, 'skipping');
  await expectNothingPlanted();
});
