import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import { foreignChart } from '../harness/charts/charts.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'old-charts';
const absent = foreignChart('ksonnet-lib-beta.2') === undefined;

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => kube.close());

function archive(name: 'zookeeper-6.1.0' | 'kafka-6.1.0' | 'tomcat-0.2.0'): Buffer {
  return readFileSync(foreignChart(name) ?? '');
}

async function ready(release: string): Promise<ReleaseInfo> {
  const look = async () => {
    const { body } = await api.get(namespace, release);
    expect(body, body.message).toMatchObject({ ready: true });
    return body;
  };
  await eventually(async () => void (await look()));
  return look();
}

describe.skipIf(absent)('the charts of the original Walm', () => {
  test('zookeeper and kafka become ready, wired to each other', async () => {
    await api.mustInstall({ namespace, body: { name: 'zk1' }, archive: archive('zookeeper-6.1.0') });
    await api.mustInstall({
      namespace,
      body: { name: 'ka1', dependencies: { zookeeper: 'zk1' } },
      archive: archive('kafka-6.1.0'),
    });
    const [zookeeper, kafka] = [await ready('zk1'), await ready('ka1')];
    expect(zookeeper.releaseStatus?.statefulsets).toMatchObject([{ name: 'zk1-zookeeper', expectedReplicas: 3 }]);
    const addresses = [0, 1, 2].map((i) => `zk1-zookeeper-${i}.zk1-zookeeper-hl.${namespace}.svc`).join(',');
    expect(kafka.dependenciesConfigValues).toMatchObject({
      ZOOKEEPER_CLIENT_CONFIG: { zookeeper_addresses: addresses, zookeeper_port: '2181' },
    });
    const settings = await kube.find(`/api/v1/namespaces/${namespace}/configmaps/ka1-kafka-confd-conf`);
    expect(JSON.stringify(settings)).toContain(addresses);
  });

  test('tomcat becomes ready', async () => {
    await api.mustInstall({ namespace, body: { name: 'tom1' }, archive: archive('tomcat-0.2.0') });
    expect((await ready('tom1')).releaseStatus?.deployments).toMatchObject([{ name: 'tom1-tomcat' }]);
  });

  test('what had to change is a warning of the dry run', async () => {
    const { headers, status } = await api.dryRun({ namespace, body: { name: 'ka2' }, archive: archive('kafka-6.1.0') });
    expect(status).toBe(200);
    expect([...headers].join('\n')).toContain('VOLUME_CONVERTED');
  });
});

test.each([
  ["function(config) importstr '/etc/passwd'", 'TEMPLATE_FAILED', 'only files of the chart can be imported'],
  ['function(config) local f(x) = f(x + 1) + 1; f(0)', 'TEMPLATE_FAILED', 'max stack frames exceeded'],
])('a jsonnet chart with %s is a clear 422', async (main, code, says) => {
  const chart = buildChart('odd', { 'template-jsonnet/odd-main.jsonnet': main });
  const answer = await api.install({ namespace, body: { name: 'odd' }, archive: chart.bytes });
  expect(answer.status).toBe(422);
  expect(problemOf(answer)).toMatchObject({
    code,
    errMessage: expect.stringContaining(says) as string,
    details: expect.objectContaining({ chart: 'odd', file: 'template-jsonnet/odd-main.jsonnet' }) as object,
  });
});
