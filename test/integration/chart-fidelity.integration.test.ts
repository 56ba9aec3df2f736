import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart, type ChartArchive, fixtureChart, folderChart } from '../harness/charts/chart-builder.ts';
import { exampleChart } from '../harness/charts/charts.ts';
import { addedSince, takeSnapshot } from '../harness/clients/cluster-snapshot.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { type ClusterObject, createKubeClient } from '../harness/clients/kube-client.ts';
import { manifestDocuments } from '../harness/charts/manifest-text.ts';
import { diffObjects, nameOf, parseManifest } from '../harness/clients/object-diff.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { odditiesChart, platformChart } from '../harness/charts/unusual-charts.ts';
import { chartForm, createWalmApi, type ReleaseOrder } from '../harness/clients/walm-api.ts';

const { kubeconfig, server, registry, starter, repository } = inject('surroundings');
const helm = createHelmCli(kubeconfig);
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => {
  helm.close();
  kube.close();
});

interface Case {
  chart: ChartArchive;
  values?: Record<string, unknown>;
}

const CASES: [string, Case][] = [
  ['starter', { chart: folderChart(starter) }],
  ['zookeeper', { chart: folderChart(exampleChart('zookeeper')) }],
  ['estate', { chart: fixtureChart('estate') }],
  ['umbrella', { chart: fixtureChart('umbrella'), values: { global: { region: 'south' }, sessions: { size: 2 } } }],
  ['hooks', { chart: fixtureChart('hooks') }],
  ['crds', { chart: fixtureChart('crds') }],
  ['functions', { chart: fixtureChart('functions'), values: { random: false, owner: 'nobody: "quoted"' } }],
  ['library', { chart: fixtureChart('library') }],
  ['oddities', { chart: odditiesChart() }],
  ['platform', { chart: platformChart() }],
  ['schema', { chart: fixtureChart('schema'), values: { database: { password: 'p', token: 't' } } }],
];

/** Every check lists all kinds: frequent checks would slow down what is waited for. */
const SELDOM = { everyMs: 500 };

const SOURCES = ['archive', 'repository', 'registry'] as const;
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Kinds that charts define themselves, by chart. */
const OWN_KINDS: Partial<Record<string, string[]>> = {
  crds: ['gadgets.acceptance.example.com'],
  platform: ['rules', 'monitors', 'probes', 'routes'].map((plural) => `${plural}.platform.example.com`),
};

describe.each(CASES)('the chart %s', (name, { chart, values = {} }) => {
  const namespaces = { walm: `fidelity-${name}-walm`, helm: `fidelity-${name}-helm` };
  const ownKinds = OWN_KINDS[name] ?? [];
  const archiveFile = join(helm.folder, `${name}.tgz`);
  const valuesFile = join(helm.folder, `${name}.json`);
  const helmInstall = ['install', 'app', archiveFile, '--values', valuesFile, '--output', 'json'];

  function order(source: (typeof SOURCES)[number], namespace = namespaces.walm): ReleaseOrder {
    const body = { name: 'app', configValues: values };
    switch (source) {
      case 'archive':
        return { namespace, body, archive: chart.bytes };
      case 'repository':
        return {
          namespace,
          body: { ...body, repoName: repository.name, chartName: name, chartVersion: chart.version },
        };
      case 'registry':
        return { namespace, body: { ...body, chartImage: `${registry}/charts/${name}:${chart.version}` } };
    }
  }

  beforeAll(async () => {
    writeFileSync(archiveFile, chart.bytes);
    writeFileSync(valuesFile, JSON.stringify(values));
    await Promise.all(Object.values(namespaces).map((namespace) => createNamespace(kube, namespace)));
  });

  // Helm's own dry run does not know kinds that the chart is about to define.
  test.skipIf(ownKinds.length > 0)('dry runs as helm install --dry-run=server, from every source', async () => {
    const expected = filledIn((await helmDryRun(namespaces.walm)).manifest, namespaces.walm);
    for (const answer of await Promise.all(SOURCES.map((source) => api.dryRun(order(source))))) {
      expect(answer.status, answer.text.slice(0, 500)).toBe(200);
      const last = answer.body.at(-1);
      expect(last?.kind).toBe('ReleaseConfig');
      const objects = answer.body.slice(0, -1);
      expect(diffObjects(expected, objects)).toEqual([]);
      expect(objects.map(nameOf)).toEqual(expected.map(nameOf));
    }
  });

  test.runIf(ownKinds.length > 0)('dry runs although its kinds are not there yet', async () => {
    const answer = await api.dryRun({ ...order('archive'), query: { crds: true } });
    expect(answer.status, answer.text).toBe(200);
    const shown = answer.body
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map(({ metadata }) => metadata.name);
    expect(shown.toSorted()).toEqual(ownKinds.toSorted());
    for (const kind of ownKinds) expect(await kube.find(`${DEFINITIONS}/${kind}`)).toBeUndefined();
  });

  test('installs, becomes ready, is listed and leaves what Helm leaves', async () => {
    // Definitions of kinds have no namespace: if the chart has one, the two installs must not overlap.
    const together = ownKinds.length === 0;
    const walmSide = liveWithWalm();
    const [walm, plain] = together
      ? await Promise.all([walmSide, liveWithHelm()])
      : [await walmSide, await removeOwnKinds().then(liveWithHelm)];

    expect(comparable(walm.recorded.manifest, namespaces.walm)).toEqual(
      comparable(plain.recorded.manifest, namespaces.helm),
    );
    expect(comparable(walm.recorded.hooks, namespaces.walm)).toEqual(comparable(plain.recorded.hooks, namespaces.helm));
    expect(walm.recorded.notes.replaceAll(namespaces.walm, namespaces.helm)).toBe(plain.recorded.notes);
    expect(JSON.parse(walm.recorded.values)).toEqual(JSON.parse(plain.recorded.values));
    expect(walm.left).toEqual(plain.left);
  });

  /** The life of a release by Walm, as Helm records it, and what it leaves. */
  async function liveWithWalm() {
    const before = await takeSnapshot(kube, namespaces.walm);
    await api.mustInstall(order('archive'));
    await eventually(async () => {
      const { body } = await api.get(namespaces.walm, 'app');
      expect(body.message).toBe('');
      expect(body).toMatchObject({ ready: true, version: 1, chartName: name, status: 'deployed', waitingFor: [] });
    });
    const { body: list } = await api.list(namespaces.walm);
    expect(list.items.map(({ name, version }) => `${name} ${version}`)).toEqual(['app 1']);
    const listed = JSON.parse(await helm.run('list', '-n', namespaces.walm, '-o', 'json')) as {
      name: string;
      status: string;
    }[];
    expect(listed).toMatchObject([{ name: 'app', status: 'deployed', chart: `${name}-${chart.version}` }]);

    const recorded = await recordOf(namespaces.walm);
    const present = await takeSnapshot(kube, namespaces.walm);
    const missing = filledIn(recorded.manifest, namespaces.walm).filter(({ kind, apiVersion, metadata }) => {
      const scope = present.has(`${kind}.${apiVersion} ${metadata.name}`);
      return !scope && !present.has(`${kind}.${apiVersion} ${namespaces.walm}/${metadata.name}`);
    });
    expect(missing.map(nameOf)).toEqual([]);

    const deleted = await api.remove(namespaces.walm, 'app');
    expect(deleted.status, deleted.text).toBe(200);
    expect((await api.get(namespaces.walm, 'app')).status).toBe(404);
    return { recorded, left: await settled(namespaces.walm, before) };
  }

  /** The same life by the helm command. */
  async function liveWithHelm() {
    const before = await takeSnapshot(kube, namespaces.helm);
    await helm.run(...helmInstall, '--namespace', namespaces.helm);
    const recorded = await recordOf(namespaces.helm);
    await helm.run('uninstall', 'app', '--namespace', namespaces.helm, '--wait');
    return { recorded, left: await settled(namespaces.helm, before) };
  }

  test.each(['repository', 'registry'] as const)('installs the same from a %s', async (source) => {
    const namespace = await createNamespace(kube, `fidelity-${name}-${source}`);
    const { manifest } = await helmDryRun(namespace);
    await api.mustInstall(order(source, namespace));
    const recorded = await recordOf(namespace);
    expect(manifestDocuments(recorded.manifest, namespace)).toEqual(manifestDocuments(manifest, namespace));
    const { body } = await api.get(namespace, 'app');
    expect(body).toMatchObject({ chartName: name, chartVersion: chart.version, version: 1 });
    expect((await api.remove(namespace, 'app')).status).toBe(200);
  });

  async function helmDryRun(namespace: string): Promise<{ manifest: string }> {
    const output = await helm.run(...helmInstall, '--namespace', namespace, '--dry-run=server');
    return JSON.parse(output) as { manifest: string };
  }

  async function recordOf(namespace: string) {
    const get = (what: string, ...rest: string[]) => helm.run('get', what, 'app', '--namespace', namespace, ...rest);
    const [manifest, hooks, notes, values] = await Promise.all([
      get('manifest'),
      get('hooks'),
      get('notes'),
      get('values', '--output', 'json'),
    ]);
    return { manifest, hooks, notes, values };
  }

  /**
   * The objects added since `before`, once garbage collection has finished, with the names of namespace and volumes
   * replaced.
   */
  async function settled(namespace: string, before: Set<string>): Promise<string[]> {
    return eventually(async () => {
      const added = addedSince(before, await takeSnapshot(kube, namespace));
      expect(added.filter((entry) => /^(Pod|ReplicaSet|Deployment|EndpointSlice)\./.test(entry))).toEqual([]);
      // A provisioned volume is named after the uid of its claim.
      return added.map((entry) => entry.replaceAll(namespace, 'NAMESPACE').replace(/ pvc-[0-9a-f-]{36}$/, ' pvc-UID'));
    }, SELDOM);
  }

  async function removeOwnKinds(): Promise<void> {
    for (const kind of ownKinds) await kube.remove(`${DEFINITIONS}/${kind}`);
    for (const kind of ownKinds) {
      await eventually(async () => expect(await kube.find(`${DEFINITIONS}/${kind}`)).toBeUndefined());
    }
  }
});

/** The manifest's objects as a dry run shows them: namespace filled in, secret data masked (decisions 23 and 24). */
function filledIn(manifest: string, namespace: string): ClusterObject[] {
  const ownObjects = parseManifest(manifest)
    .filter(({ kind }) => kind !== 'ReleaseConfig')
    .flatMap((object) => (object.kind === 'List' ? (object['items'] as ClusterObject[]) : [object]));
  return ownObjects.map((object) => {
    const metadata = clusterWide(object.kind)
      ? object.metadata
      : { ...object.metadata, namespace: object.metadata.namespace ?? namespace };
    return object.kind === 'Secret' ? { ...covered(object), metadata } : { ...object, metadata };
  });
}

/** Documents of two namespaces for comparison; checksums over texts with the namespace differ rightly. */
function comparable(manifest: string, namespace: string): string[] {
  return manifestDocuments(manifest, namespace).map((document) => document.replaceAll(/\b[0-9a-f]{64}\b/g, 'CHECKSUM'));
}

function covered(secret: ClusterObject): ClusterObject {
  const cover = (field: unknown) => Object.fromEntries(Object.keys(field ?? {}).map((key) => [key, '***']));
  return {
    ...secret,
    ...(secret['data'] !== undefined && { data: cover(secret['data']) }),
    ...(secret['stringData'] !== undefined && { stringData: cover(secret['stringData']) }),
  };
}

function clusterWide(kind: string): boolean {
  return /^(Cluster|.*Class$|.*WebhookConfiguration$|CustomResourceDefinition|Namespace)/.test(kind);
}

test('a dry run writes every number with all its digits, and texts as texts', async () => {
  const number = '9007199254740993';
  const archive = buildChart('digits', {
    'templates/job.yaml': `
apiVersion: batch/v1
kind: Job
metadata: {name: digits, annotations: {text: "${number}"}}
spec:
  activeDeadlineSeconds: ${number}
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: registry.example/main:1}]}}
`,
  }).bytes;
  const namespace = await createNamespace(kube, 'fidelity-digits');
  const label = { name: 'LabelPod', args: { labelsToAdd: { tier: 'digits' } } };
  for (const plugins of [[], [label]]) {
    const { status, text } = await api.dryRun({ namespace, body: { name: 'app', plugins }, archive });
    expect(status, text).toBe(200);
    expect(text).toContain(`"activeDeadlineSeconds": ${number},`);
    expect(text).toContain(`"text": "${number}"`);
  }
});

test('any key of the values is a key, those of JavaScript among them', async () => {
  const values = '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"list":[{"__proto__":"x"}]}';
  const archive = buildChart('keys', {
    'values.yaml': '{"constructor": {"kept": true}}',
    'templates/x.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: keys}\ndata: {values: {{ .Values | toJson | quote }}}\n',
  }).bytes;
  const namespace = await createNamespace(kube, 'fidelity-keys');
  const path = `/api/v1/release/${namespace}`;
  const form = (text: string) => {
    const made = chartForm({ name: 'app' }, archive);
    made.set('body', `{"name":"app","configValues":${text}}`);
    return made;
  };
  const installed = await api.send('POST', `${path}/withchart`, { body: form(values) });
  expect(installed.status, installed.text).toBe(200);
  const upgrade = '{"name":"app","configValues":{"__proto__":{"c":3}},"unset":["constructor.prototype"]}';
  const upgraded = await api.send('PUT', path, { body: upgrade, headers: { 'content-type': 'application/json' } });
  expect(upgraded.status, upgraded.text).toBe(200);

  const wanted = '{"__proto__":{"a":1,"c":3},"list":[{"__proto__":"x"}]}';
  const stored = JSON.parse(await helm.run('get', 'values', 'app', '-n', namespace, '-o', 'json')) as unknown;
  expect(JSON.stringify(stored)).toBe(wanted);
  expect(JSON.stringify((await api.get(namespace, 'app')).body.configValues)).toBe(wanted);
  const map = await kube.find(`/api/v1/namespaces/${namespace}/configmaps/keys`);
  const { values: rendered } = (map?.['data'] ?? { values: '' }) as { values: string };
  expect(rendered).toBe('{"__proto__":{"a":1,"c":3},"constructor":{"kept":true},"list":[{"__proto__":"x"}]}');
});
