import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { buildChart, folderChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli, type HelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { issueKubeconfig } from '../harness/programs/sandbox.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** A Walm with exactly the rights that the guide lists, which manages two namespaces. */
const { kubeconfig, starter } = inject('surroundings');
const GUIDE = fileURLToPath(new URL('../../docs/guide/namespaces.md', import.meta.url));
const [OURS, ALSO_OURS, ELSEWHERE, SYSTEM] = ['scoped-a', 'scoped-b', 'scoped-elsewhere', 'scoped-walm'] as const;
const USER = 'scoped-walm';
const chart = folderChart(starter).bytes;
const folder = mkdtempSync(join(tmpdir(), 'walm-scoped-'));
const own = join(folder, 'kubeconfig');

let kube: KubeClient;
let helm: HelmCli;
let server: WalmServer;
let api: WalmApi;

/** The rules of the guide, with `namespace` in place of the guide's namespace. */
function rulesOf(guided: 'shop' | 'shop-walm', namespace: string): Record<string, unknown>[] {
  const text = readFileSync(GUIDE, 'utf8').match(/```yaml\n(apiVersion: rbac[\s\S]*?)```/)?.[1] ?? '';
  return parseAllDocuments(text)
    .map((document) => document.toJS() as { metadata: { namespace: string } })
    .filter(({ metadata }) => metadata.namespace === guided)
    .map((rule) => ({
      ...rule,
      metadata: { ...rule.metadata, namespace },
      ...('subjects' in rule && { subjects: [{ kind: 'User', name: USER, apiGroup: 'rbac.authorization.k8s.io' }] }),
    }));
}

beforeAll(async () => {
  kube = createKubeClient(kubeconfig);
  helm = createHelmCli(kubeconfig);
  for (const namespace of [OURS, ALSO_OURS, ELSEWHERE, SYSTEM]) await createNamespace(kube, namespace);
  const rules = [
    ...[OURS, ALSO_OURS].flatMap((namespace) => rulesOf('shop', namespace)),
    ...rulesOf('shop-walm', SYSTEM),
  ];
  for (const rule of rules) {
    const { kind, metadata } = rule as { kind: string; metadata: { namespace: string } };
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${metadata.namespace}/${kind.toLowerCase()}s`;
    await kube.create(path, rule);
  }
  writeFileSync(own, await issueKubeconfig(dirname(kubeconfig), USER, []));
  const flags = [`--watch-namespaces=${OURS},${ALSO_OURS}`, `--kubernetes-system-namespace=${SYSTEM}`];
  server = await startWalmServer({ kubeconfig: own, flags });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  await server?.stop();
  helm?.close();
  kube?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['/api/v1/nodes', '/api/v1/secrets', '/api/v1/namespaces', `/api/v1/namespaces/${ELSEWHERE}/secrets`])(
  'its identity may not read %s',
  async (path) => {
    const limited = createKubeClient(own);
    expect((await limited.call('GET', path)).status).toBe(403);
    limited.close();
  },
);

test('a release of a namespace of its own is installed, becomes ready, is upgraded and deleted', async () => {
  await api.mustInstall({ namespace: OURS, body: { name: 'web' }, archive: chart, query: { wait: true } });
  const { body } = await api.get(OURS, 'web');
  expect(body).toMatchObject({ ready: true, version: 1 });
  const upgraded = await api.upgrade({ namespace: OURS, body: { name: 'web', configValues: { replicaCount: 2 } } });
  expect(upgraded.status, upgraded.text).toBe(200);
  await eventually(async () => expect((await api.get(OURS, 'web')).body).toMatchObject({ ready: true, version: 2 }));
  expect((await api.remove(OURS, 'web')).status).toBe(200);
});

test('only its namespaces are listed and followed, and others are refused', async () => {
  for (const namespace of [ALSO_OURS, ELSEWHERE]) {
    await helm.run('install', 'by-helm', starter, '--namespace', namespace);
  }
  await eventually(async () => {
    const { body } = await api.list();
    expect(body.items.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([`${ALSO_OURS}/by-helm`]);
    expect(body.items[0]).toMatchObject({ ready: true });
  });
  const refused = await api.install({ namespace: ELSEWHERE, body: { name: 'web' }, archive: chart });
  expect(refused.status).toBe(404);
  expect(refused.body).toMatchObject({ code: 'NAMESPACE_NOT_WATCHED', details: { namespaces: [OURS, ALSO_OURS] } });
  await Promise.all(
    [ALSO_OURS, ELSEWHERE].map((namespace) => helm.run('uninstall', 'by-helm', '--namespace', namespace)),
  );
  await eventually(async () => expect((await api.list()).body.items).toEqual([]));
});

test('what it may not see is said to be unknown, and not waited for', async () => {
  const config = (namespace: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}", namespace: ${namespace}}\n---\n`;
  const priority = 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: scoped-low}\nvalue: 1\n';
  const spread = buildChart('spread', { 'templates/all.yaml': config(ALSO_OURS) + config(ELSEWHERE) + priority });
  const file = join(folder, 'spread.tgz');
  writeFileSync(file, spread.bytes);
  await helm.run('install', 'spread', file, '--namespace', OURS);
  await eventually(async () => {
    const { body } = await api.get(OURS, 'spread');
    expect(body).toMatchObject({ ready: true, waitingFor: [] });
    expect(body.releaseStatus).toMatchObject({
      configmaps: [
        { namespace: ALSO_OURS, state: { status: 'Ready' } },
        { namespace: ELSEWHERE, state: { status: 'Unknown' } },
      ],
      others: [{ kind: 'PriorityClass', state: { status: 'Unknown' } }],
    });
  });
  await helm.run('uninstall', 'spread', '--namespace', OURS);
});

test('an output from a Secret that Helm does not manage is followed', async () => {
  const path = `/api/v1/namespaces/${ALSO_OURS}/secrets`;
  const secret = (word: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'foreign' },
    stringData: { word },
  });
  await kube.create(path, secret('first'));
  const plain = buildChart('plain', {
    'templates/all.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values.up | toJson | quote }}}\n',
    'values.yaml': 'up: {}\n',
  }).bytes;
  const outputs = { word: 'secret:foreign.word' };
  await api.mustInstall({ namespace: ALSO_OURS, body: { name: 'provider', outputs }, archive: plain });
  const dependencies = { up: `${ALSO_OURS}/provider` };
  await api.mustInstall({ namespace: OURS, body: { name: 'dependent', dependencies }, archive: plain });
  const got = async () => (await kube.find(`/api/v1/namespaces/${OURS}/configmaps/dependent`))?.['data'];
  await eventually(async () => expect(await got()).toEqual({ got: '{"word":"first"}' }));
  await kube.call('PATCH', `${path}/foreign`, { stringData: { word: 'second' } }, 'application/merge-patch+json');
  await eventually(async () => expect(await got()).toEqual({ got: '{"word":"second"}' }));
  await api.remove(OURS, 'dependent');
  await api.remove(ALSO_OURS, 'provider');
});

test('totals say which pods they do not count', async () => {
  const daemons = buildChart('daemons', {
    'templates/all.yaml': JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { containers: [{ name: 'agent', image: 'agent:1' }] },
        },
      },
    }),
  });
  const path = `/api/v1/release/${OURS}/dryrun/withchart/resources`;
  const answer = await api.send('POST', path, { body: chartForm({ name: 'agents' }, daemons.bytes) });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get('walm-warnings')).toContain('NODES_NOT_READABLE');
});
