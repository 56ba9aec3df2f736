import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart, type ChartFiles } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type ReleaseOrder } from '../harness/clients/walm-api.ts';

const { kubeconfig, server, ownRepositories, registry } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'request-page';
let qa: ChartRepository;

const metainfo = `
params:
  - { name: zoo_cfg, mapKey: advanceConfig.zoo_cfg, type: kvPair }
roles:
  - name: zookeeper
    baseConfig:
      image: { mapKey: appConfig.zookeeper.image }
      replicas: { mapKey: appConfig.zookeeper.replicas }
      priority: { mapKey: appConfig.zookeeper.priority }
      useHostNetwork: { mapKey: appConfig.zookeeper.use_host_network }
    resources:
      limitsMemory: { mapKey: appConfig.zookeeper.resources.memory_limit }
      limitsCpu: { mapKey: appConfig.zookeeper.resources.cpu_limit }
      requestsMemory: { mapKey: appConfig.zookeeper.resources.memory_request }
      requestsCpu: { mapKey: appConfig.zookeeper.resources.cpu_request }
      storageResources:
        - { name: data, mapKey: appConfig.zookeeper.resources.storage.data }
`;
const values = `
appConfig: { zookeeper: { image: zookeeper, replicas: 1, priority: 1, use_host_network: true, resources: {
  memory_limit: 2Gi, cpu_limit: 1, memory_request: 1Gi, cpu_request: 1, storage: { data: { size: 1Gi, storageClass: a } } } } }
advanceConfig: { zoo_cfg: {} }
`;
const zookeeper: ChartFiles = {
  'values.yaml': values,
  'transwarp-meta/metainfo.yaml': metainfo,
  'templates/x.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}" }
data: { values: {{ toJson .Values | quote }} }
`,
};
const web: ChartFiles = {
  'templates/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n',
};

beforeAll(async () => {
  await Promise.all([createNamespace(kube, namespace), createNamespace(kube, 'platform')]);
  qa = await startChartRepository(ownRepositories.qa);
  for (const version of ['6.1.0', '6.2.0']) qa.add(buildChart('zookeeper', zookeeper, version));
  qa.add(
    buildChart('kafka', {
      'transwarp-meta/metainfo.yaml':
        'dependencies: [{ name: zookeeper, dependencyOptional: true }, { name: search, dependencyOptional: true }]\n',
    }),
  );
  qa.add(buildChart('web', web));
  for (const name of ['zookeeper-test', 'search']) {
    await api.mustInstall({ namespace: 'platform', body: { name, repoName: 'qa', chartName: 'kafka' } });
  }
});
afterAll(async () => {
  await qa.close();
  kube.close();
});

type Request = ReleaseOrder['body'];

/** The requests of the page; its registry is the one that listens here. */
function requestsOfPage(): Request[] {
  const page = readFileSync(new URL('../../docs/reference/release-request.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);
  const here = (text: string) =>
    text.replace('registry.example.com/charts/zookeeper:6.1.0', `${registry}/charts/zookeeper:1.0.0`);
  return blocks.map((text) => JSON.parse(here(text)) as Request);
}

/** What a request of the page takes away or needs has to be there: with `strict` it would be refused. */
const prepared: Request[] = [
  {
    name: 'zookeeper-test',
    releaseLabels: { 'app.kubernetes.io/managed-by': 'x' },
    plugins: [{ name: 'NodeAffinity', args: { required: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] } }],
  },
  { name: 'kafka', repoName: 'qa', chartName: 'kafka', dependencies: { search: 'platform/search' } },
];

test('every request of the page is carried out as it stands there, and nothing of it is ignored', async () => {
  const requests = requestsOfPage();
  expect(requests.length).toBeGreaterThan(9);
  const query = { strict: true, upsert: true };
  const send = async (body: Request) => {
    const answer = await api.upgrade({ namespace, body, query });
    expect([answer.status, answer.text], JSON.stringify(body)).toEqual([200, '']);
  };
  for (const body of requests) {
    const before = prepared.find(({ name }) => name === body.name);
    const taken = 'releaseLabels' in body || 'plugins' in body || 'dependencies' in body;
    if (before !== undefined && taken) await send(before);
    await send(body);
  }
  const { body } = await api.get(namespace, 'zookeeper-test');
  expect(body).toMatchObject({
    chartVersion: '6.2.0',
    releaseLabels: { 'app.kubernetes.io/version': '6.2.0' },
    plugins: [{ name: 'LabelPod' }],
  });
  expect(body.configValues).toMatchObject({
    appConfig: { zookeeper: { replicas: 5, resources: { memory_limit: '4Gi', storage: { data: { size: '100Gi' } } } } },
    advanceConfig: { zoo_cfg: { tickTime: 9000 } },
  });
});
