import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { capturedAnswer } from '../../../test/harness/captures.ts';
import { archiveOf } from '../../../test/harness/chart-builder.ts';
import { ABSENT, foreignChart } from '../../../test/harness/charts.ts';
import { unpackJsonnetLibrary } from '../../../test/harness/jsonnet-library.ts';
import { diffObjects } from '../../../test/harness/object-diff.ts';
import type { ClusterObject } from '../../../test/harness/kube-client.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/test-engine.ts';
import type { JsonObject } from '../../domain/json.ts';

const library = foreignChart('ksonnet-lib-beta.2');
let started: TestEngine;
let removeLibrary = async (): Promise<void> => undefined;

beforeAll(async () => {
  const unpacked = library === undefined ? undefined : await unpackJsonnetLibrary(library);
  if (unpacked !== undefined) removeLibrary = unpacked.remove;
  started = startTestEngine(inject('sandbox').kubeconfig, { jsonnetLibrary: unpacked?.folder ?? '' });
});
afterAll(async () => {
  await started.stop();
  await removeLibrary();
});

async function render(chart: 'kafka-6.1.0' | 'zookeeper-6.1.0', name: string, values: JsonObject = {}) {
  const digest = started.add(archiveOf(foreignChart(chart) ?? ''));
  const spec = { outputConfig: {}, configValues: {} };
  const releaseConfig = { apiVersion: 'apiextensions.transwarp.io/v1beta1', kind: 'ReleaseConfig', spec };
  return started.engine.render({
    identity: null,
    namespace: 'demo',
    name,
    chart: digest,
    values,
    isUpgrade: false,
    releaseConfig: { ...releaseConfig, metadata: { name } },
  });
}

/** What the original answered, without its own ReleaseConfig and with the change of its LabelPod plugin undone. */
function original(capture: string): ClusterObject[] {
  const objects = capturedAnswer(capture) as unknown as ClusterObject[];
  const undone = JSON.stringify(objects).replaceAll('"l":"1"', '').replaceAll('"a":"2"', '').replaceAll(',}', '}');
  return (JSON.parse(undone) as ClusterObject[]).filter(({ kind }) => kind !== 'ReleaseConfig');
}

test.skipIf(library === undefined)(`renders as the original did (${ABSENT})`, async () => {
  for (const [chart, name, capture] of [
    ['kafka-6.1.0', 'ka1', '025-dryrun-kafka-repo'],
    ['zookeeper-6.1.0', 'd3', '218-dryrun-plugin-LabelPod-zookeeper'],
  ] as const) {
    const { documents } = await render(chart, name);
    const objects = documents
      .filter(({ kind }) => kind !== 'ReleaseConfig')
      .map(({ object }) => ({ ...object, metadata: { ...(object['metadata'] as JsonObject), namespace: 'demo' } }));
    expect(diffObjects(original(capture), objects as unknown as ClusterObject[])).toEqual([]);
    expect(documents[0]?.source).toMatch(/^(kafka|zookeeper)\/templates\/.*\.json\.transwarp-jsonnet\.yaml$/);
  }
});

test.skipIf(library === undefined)("zookeeper's outputs are in the one ReleaseConfig", async () => {
  const { documents } = await render('zookeeper-6.1.0', 'zk1', { appConfig: { zookeeper: { replicas: 1 } } });
  const configs = documents.filter(({ kind }) => kind === 'ReleaseConfig');
  expect(configs.map(({ object }) => object)).toMatchObject([
    {
      spec: {
        configValues: {},
        outputConfig: {
          zookeeper_addresses: 'zk1-zookeeper-0.zk1-zookeeper-hl.demo.svc',
          zookeeper_auth_type: 'none',
          zookeeper_port: '2181',
        },
      },
    },
  ]);
});

test.skipIf(library === undefined)('a warm dry run takes less than 95 ms, whatever the values', async () => {
  await render('zookeeper-6.1.0', 'warm');
  const times: number[] = [];
  for (let replicas = 1; replicas <= 9; replicas++) {
    const begun = performance.now();
    await render('zookeeper-6.1.0', 'warm', { appConfig: { zookeeper: { replicas } } });
    times.push(performance.now() - begun);
  }
  const [median = Infinity] = times.toSorted((a, b) => a - b).slice(4);
  expect(median).toBeLessThan(95);
});
