import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { addedSince, takeSnapshot } from '../harness/clients/cluster-snapshot.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { MALFORMED_ARCHIVES, truncatedArchives } from '../harness/charts/malformed-archives.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'refused-archives';
let before: Set<string>;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  before = await takeSnapshot(kube, namespace);
});

afterAll(() => kube.close());

async function expectRefused(archive: Buffer, codes: RegExp): Promise<void> {
  const order = { namespace, body: { name: 'bad' }, archive };
  for (const answer of [await api.install(order), await api.dryRun(order)]) {
    const problem = problemOf(answer);
    expect(problem.code, problem.errMessage).toMatch(codes);
    expect(answer.status, answer.text).toBeLessThan(500);
    expect(problem.errMessage).toMatch(/^failed to (load chart archive|install release|dry run install release): /);
    expect(answer.text).not.toMatch(/\.go:\d+|goroutine|at .*\.ts:\d+|\/tmp\//);
  }
}

test.each(MALFORMED_ARCHIVES.map(({ what, bytes }) => [what, bytes] as const))(
  '%s is refused',
  async (_what, bytes) => {
    await expectRefused(bytes(), /^(CHART|VALUES_SCHEMA)_/);
  },
);

test('an archive is refused wherever it was cut', async () => {
  for (const { bytes } of truncatedArchives(25)) await expectRefused(bytes(), /^(CHART|VALUES_SCHEMA)_/);
});

test('an archive above the limit is refused without reading it to the end', async () => {
  const answer = await api.install({ namespace, body: { name: 'bad' }, archive: Buffer.alloc(21 * 1024 * 1024, 1) });
  expect(answer.status, answer.text).toBe(413);
  expect(problemOf(answer).code).toBe('CHART_TOO_LARGE');
});

describe('a chart that loads but cannot be installed', () => {
  const template = (content: string) => buildChart('bad', { 'templates/x.yaml': content });
  const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';

  test.each([
    ['a template that does not parse', template('{{ if }}'), /^TEMPLATE_FAILED$/],
    ['a template that fails', template('{{ required "size is needed" .Values.size }}'), /^TEMPLATE_FAILED$/],
    ['an unknown function', template('{{ env "HOME" }}'), /^TEMPLATE_FAILED$/],
    [
      'a template that calls itself forever',
      template('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'),
      /^TEMPLATE_/,
    ],
    ['a template that never ends', template('{{ range until 2000000000 }}{{ end }}'), /^TEMPLATE_/],
    [
      'a template that writes without end',
      template('{{ range until 1000000 }}{{ repeat 100000 "x" }}{{ end }}'),
      /^(TEMPLATE_|MANIFEST_|RELEASE_TOO_LARGE)/,
    ],
    ['a manifest that is not YAML', template('a: [\n'), /^(MANIFEST_INVALID|TEMPLATE_FAILED)$/],
    ['a manifest without a kind', template('apiVersion: v1\nmetadata: {name: x}\n'), /^MANIFEST_INVALID$/],
    ['a manifest without a name', template('apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n'), /^MANIFEST_INVALID$/],
    ['a field of the wrong type', template(`${configMap}data: [1, 2]\n`), /^MANIFEST_INVALID$/],
    [
      'a kind that nobody serves',
      template('apiVersion: example.com/v1\nkind: Nothing\nmetadata: {name: x}\n'),
      /^KIND_UNKNOWN$/,
    ],
    [
      'a chart for another Kubernetes',
      buildChart('bad', { 'Chart.yaml': 'apiVersion: v2\nname: bad\nversion: 0.1.0\nkubeVersion: ">=9.0.0"\n' }),
      /^KUBE_VERSION_INCOMPATIBLE$/,
    ],
    [
      'a library chart',
      buildChart('bad', { 'Chart.yaml': 'apiVersion: v2\nname: bad\nversion: 0.1.0\ntype: library\n' }),
      /^CHART_/,
    ],
    [
      'a missing dependency',
      buildChart('bad', {
        'Chart.yaml':
          'apiVersion: v2\nname: bad\nversion: 0.1.0\ndependencies: [{name: absent, version: 1.0.0, repository: "http://127.0.0.1:1"}]\n',
      }),
      /^CHART_DEPENDENCIES_MISSING$/,
    ],
    [
      'values against the schema',
      buildChart('bad', {
        'values.yaml': 'size: big\n',
        'values.schema.json': '{"properties":{"size":{"type":"integer"}}}',
      }),
      /^VALUES_SCHEMA_INVALID$/,
    ],
    ['a record above 1 MiB', buildChart('bad', { 'files/noise': randomText(1_500_000) }), /^RELEASE_TOO_LARGE$/],
  ])('%s', async (_what, { bytes }, codes) => {
    const order = { namespace, body: { name: 'bad' }, archive: bytes };
    const answer = await api.install(order);
    const problem = problemOf(answer);
    expect(problem.code, problem.errMessage).toMatch(codes);
    expect(answer.status, answer.text).toBeLessThan(500);
    expect(answer.text).not.toMatch(/\.go:\d+|goroutine|at .*\.ts:\d+|\/tmp\//);
  });
});

test('afterwards the server serves and nothing was left behind', async () => {
  // An engine that a template has blocked is replaced; under load that takes a moment.
  await eventually(async () => expect((await api.send('GET', '/readiness')).status).toBe(200));
  const installed = await api.install({ namespace, body: { name: 'good' }, archive: buildChart('good', {}).bytes });
  expect(installed.status, installed.text).toBe(200);
  expect((await api.remove(namespace, 'good')).status).toBe(200);
  expect(addedSince(before, await takeSnapshot(kube, namespace))).toEqual([]);
});

/** Text that does not compress to less than half. */
function randomText(length: number): string {
  return Buffer.from(Array.from({ length: length / 2 }, () => Math.floor(Math.random() * 256))).toString('hex');
}
