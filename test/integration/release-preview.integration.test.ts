import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { createClient } from '../../contract/client.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const client = createClient(server);
const namespace = 'whole-previews';
const chart = buildChart('previewed', {
  'values.yaml': 'size: 1\nextra: false\npassword: none\n',
  'values.schema.json': JSON.stringify({ properties: { password: { type: 'string', writeOnly: true } } }),
  'templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: web, image: "nginx:1", resources: {requests: {cpu: 100m}}}]}
`,
  'templates/plain.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-plain"}
data: {size: "{{ .Values.size }}", url: "db://{{ .Values.password }}@db"}
`,
  'templates/extra.yaml': `{{ if .Values.extra }}
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-extra"}
{{ end }}`,
}).bytes;
const archive = new Blob([new Uint8Array(chart)]);
const path = { namespace };
const secret = 'hunter2-of-previews';

beforeAll(() => createNamespace(kube, namespace));
afterAll(() => kube.close());

test('an install is foretold from its form, and nothing is written', async () => {
  const body = { name: 'web', configValues: { password: secret } };
  const { body: told } = await client.previewRelease({ path, body, archive });
  expect(told).toMatchObject({ action: 'install', name: 'web', revision: 0, totals: { total: { pods: 2 } } });
  expect(told.objects.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual(
    expect.arrayContaining(['added Deployment web', 'added ConfigMap web-plain', 'added ReleaseConfig web']),
  );
  expect(told.objects.find(({ name }) => name === 'web-plain')?.after).toContain('db://***@db');
  expect(JSON.stringify(told)).not.toContain(secret);
  await expect(client.getRelease({ path: { namespace, release: 'web' } })).rejects.toMatchObject({ status: 404 });
});

test('an upgrade is foretold as it comes true', async () => {
  await client.installReleaseWithChart({ path, body: { name: 'web', configValues: { password: secret } }, archive });
  const body = { name: 'web', configValues: { size: 2, extra: true } };
  const { body: told } = await client.previewRelease({ path, body });
  expect(told).toMatchObject({ action: 'upgrade', name: 'web', revision: 1, dependents: [] });
  const plain = told.objects.find(({ name }) => name === 'web-plain');
  expect(plain).toMatchObject({ change: 'changed', differences: [{ path: '/data/size', old: '1', new: '2' }] });
  expect(plain?.before).toContain("size: '1'");
  expect(plain?.after).toContain("size: '2'");
  expect(JSON.stringify(told)).not.toContain(secret);
  await client.upgradeRelease({ path, body });
  const release = { namespace, release: 'web' };
  const { body: done } = await client.compareRevisions({ path: release, query: { from: 1, to: 2 } });
  const changes = (objects: readonly { change: string; kind: string; name: string }[]) =>
    objects.map(({ change, kind, name }) => `${change} ${kind} ${name}`).toSorted();
  expect(changes(told.objects)).toEqual(changes(done.objects));
});

test('what the change would be refused for is the answer', async () => {
  const refused = (configValues: Record<string, string>, more = {}) =>
    client.previewRelease({ path, body: { name: 'new', configValues, ...more } });
  await expect(refused({})).rejects.toMatchObject({ code: 'CHART_MISSING' });
  const invalid = client.previewRelease({ path, body: { name: 'web', configValues: { password: 1 } } });
  await expect(invalid).rejects.toMatchObject({ status: 422, code: 'VALUES_SCHEMA_INVALID' });
  const reserved = client.previewRelease({ path: { namespace: 'walm-system' }, body: { name: 'web' }, archive });
  await expect(reserved).rejects.toMatchObject({ code: 'NAMESPACE_RESERVED' });
});
