import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { capturedAnswer } from '../../../test/harness/captures.ts';
import { archiveOf } from '../../../test/harness/charts/chart-builder.ts';
import { ABSENT, foreignChart } from '../../../test/harness/charts/charts.ts';
import { commonLibrary } from '../../../test/harness/charts/common-library.ts';
import { diffObjects } from '../../../test/harness/clients/object-diff.ts';
import type { ClusterObject } from '../../../test/harness/clients/kube-client.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';
import { convertDocuments } from '../../domain/api-upgrade/convert-documents.ts';
import type { ManifestDocument, TransformDocuments } from '../../domain/kube/manifest-document.ts';
import type { JsonObject } from '../../domain/json/json.ts';

const library = commonLibrary();
let started: TestEngine;

beforeAll(() => {
  started = startTestEngine(inject('sandbox').kubeconfig, { jsonnetLibrary: library?.folder ?? '' });
});
afterAll(async () => {
  await started.stop();
  library?.close();
});

/** Renders with the conversion of API versions; `rendered` are the documents as the chart produced them. */
async function render(chart: 'kafka-6.1.0' | 'zookeeper-6.1.0', name: string, values: JsonObject = {}) {
  let rendered: readonly ManifestDocument[] = [];
  const run: TransformDocuments = (documents, { served }) => {
    rendered = documents;
    return convertDocuments(documents, served);
  };
  const digest = started.add(archiveOf(foreignChart(chart) ?? ''));
  const spec = { outputConfig: {}, configValues: {} };
  const releaseConfig = { apiVersion: 'apiextensions.transwarp.io/v1beta1', kind: 'ReleaseConfig', spec };
  const answer = await started.engine.render({
    identity: null,
    namespace: 'demo',
    name,
    chart: digest,
    values,
    isUpgrade: false,
    releaseConfig: { ...releaseConfig, metadata: { name } },
    transform: { always: false, run },
  });
  return { ...answer, rendered };
}

/** What the original Walm returned, without its own ReleaseConfig. */
function original(capture: string): ClusterObject[] {
  return (capturedAnswer(capture) as unknown as ClusterObject[]).filter(({ kind }) => kind !== 'ReleaseConfig');
}

test.skipIf(library === undefined)(`renders as the original did (${ABSENT})`, async () => {
  for (const [chart, name, capture] of [
    ['kafka-6.1.0', 'ka1', '025-dryrun-kafka-repo'],
    ['zookeeper-6.1.0', 'd3', '218-dryrun-plugin-LabelPod-zookeeper'],
  ] as const) {
    const { rendered } = await render(chart, name);
    const objects = rendered
      .filter(({ kind }) => kind !== 'ReleaseConfig')
      .map(({ object }) => ({ ...object, metadata: { ...(object['metadata'] as JsonObject), namespace: 'demo' } }));
    const differences = diffObjects(original(capture), objects as unknown as ClusterObject[]);
    // The original's LabelPod plugin rewrote zookeeper's workload with every default.
    expect(differences.filter((line) => !line.startsWith('StatefulSet demo/d3-'))).toEqual([]);
    expect(rendered[0]?.source).toMatch(/^(kafka|zookeeper)\/templates\/.*\.json\.transwarp-jsonnet\.yaml$/);
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

test.skipIf(library === undefined)("kafka's disks become ephemeral volumes, with a warning", async () => {
  const { documents, warnings } = await render('kafka-6.1.0', 'ka1');
  const workload = documents.find(({ kind }) => kind === 'StatefulSet');
  const resources = { requests: { storage: '100Gi' } };
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'local', resources };
  expect(workload).toMatchObject({
    apiVersion: 'apps/v1',
    object: {
      spec: {
        template: {
          spec: {
            volumes: expect.arrayContaining([{ name: 'log', ephemeral: { volumeClaimTemplate: { spec } } }]) as object,
          },
        },
      },
    },
  });
  expect(warnings.map(({ code, object }) => `${code} ${object?.kind}`)).toEqual(
    expect.arrayContaining(['API_VERSION_CONVERTED StatefulSet', 'VOLUME_CONVERTED StatefulSet']),
  );
});
