import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
afterAll(() => kube.close());

const chart = buildChart('plain', {
  'values.yaml': 'note: one\n',
  'templates/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-map"}\ndata: {note: "{{ .Values.note }}"}\n',
}).bytes;

let namespace: string;
let victim: string;
beforeAll(async () => {
  namespace = await createNamespace(kube, 'hostile');
  victim = await createNamespace(kube, 'victim');
});

type Payload = Record<string, unknown>;

function whole(name: string, revision: number, where = namespace): Payload {
  return {
    name,
    namespace: where,
    version: revision,
    info: { first_deployed: '2026-01-01T00:00:00Z', last_deployed: '2026-01-01T00:00:00Z', status: 'deployed' },
    chart: { metadata: { name: 'plain', version: '1.0.0', apiVersion: 'v2' }, templates: [], values: {} },
    config: {},
    manifest: '',
  };
}

const packed = (text: string | Uint8Array) => gzipSync(text, { level: 9 }).toString('base64');

/** Writes a record into the tenant's namespace, as anyone who may edit Secrets there can. */
async function put(name: string, revision: number, payload: string): Promise<void> {
  await kube.call('POST', `/api/v1/namespaces/${namespace}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision}`,
      labels: { owner: 'helm', name, version: String(revision), status: 'deployed' },
    },
    data: { release: Buffer.from(payload).toString('base64') },
  });
}

const removeRecord = (name: string, revision: number) =>
  kube.remove(`/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.${name}.v${revision}`);

/** Start time of the engine, as the server reports it; it changes with each start. */
async function engineSince(): Promise<unknown> {
  const status = (await (await fetch(`${server}/api/v1/status`)).json()) as { parts: { name: string }[] };
  return status.parts.find(({ name }) => name === 'engine');
}

const HOSTILE: Record<string, (name: string) => string> = {
  null: () => packed('null'),
  info: () => packed('{"info": null}'),
  chartless: (name) => packed(JSON.stringify({ ...whole(name, 1), chart: null })),
  hooks: (name) => packed(JSON.stringify({ ...whole(name, 1), hooks: [null] })),
  types: (name) => packed(JSON.stringify({ ...whole(name, 1), config: [], manifest: {} })),
  dates: (name) => packed(JSON.stringify({ ...whole(name, 1), info: { status: 'deployed', last_deployed: 'NaN' } })),
  zeros1: () => packed(new Uint8Array(400 * 1024 * 1024)),
  zeros2: () => packed(new Uint8Array(400 * 1024 * 1024)),
  million: (name) => packed(JSON.stringify({ ...whole(name, 1), manifest: '---\na: 1\n'.repeat(1_000_000) })),
  deep: () => packed('['.repeat(3_000_000)),
  deepvalues: (name) =>
    packed(
      JSON.stringify(whole(name, 1)).replace('"config":{}', `"config":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
    ),
  aliases: (name) => packed(JSON.stringify({ ...whole(name, 1), manifest: 'a: &a\n  b: *a\n' })),
  nobase64: () => '***',
  empty: () => '',
};

test('whatever a tenant writes as a record takes nothing from anybody else, and is told of', async () => {
  await api.mustInstall({ namespace: victim, body: { name: 'good' }, archive: chart });
  const before = await engineSince();
  await Promise.all(Object.entries(HOSTILE).map(([name, payload]) => put(name, 1, payload(name))));
  for (const name of Object.keys(HOSTILE)) {
    await eventually(async () => {
      const { status, body } = await api.get(namespace, name);
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'unreadable', ready: false });
      expect(body.message).toMatch(/cannot be read: .+/);
    });
  }
  const list = await fetch(`${server}/api/v1/release/${namespace}`);
  expect(list.status).toBe(200);
  expect(((await list.json()) as { num: number }).num).toBe(Object.keys(HOSTILE).length);
  const all = await fetch(`${server}/api/v1/release`);
  expect(all.status).toBe(200);
  expect((await api.get(victim, 'good')).body).toMatchObject({ ready: true, status: 'deployed' });
  const upgraded = await api.send('PUT', `/api/v1/release/${victim}`, {
    body: JSON.stringify({ name: 'good', configValues: { note: 'two' } }),
    headers: { 'content-type': 'application/json' },
  });
  expect(upgraded.status, upgraded.text).toBe(200);
  expect((await fetch(`${server}/readiness`)).status).toBe(200);
  expect(await engineSince()).toEqual(before);
  await Promise.all(Object.keys(HOSTILE).map((name) => removeRecord(name, 1)));
  for (const name of Object.keys(HOSTILE)) {
    await eventually(async () => expect((await api.get(namespace, name)).status).toBe(404));
  }
});

test('a record of one namespace is not a release of another', async () => {
  await api.mustInstall({ namespace: victim, body: { name: 'true' }, archive: chart });
  const forged = { ...whole('true', 9, victim), manifest: 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n' };
  await put('true', 9, packed(JSON.stringify(forged)));
  await eventually(async () => {
    expect((await api.get(namespace, 'true')).body).toMatchObject({ status: 'unreadable', version: 9 });
  });
  expect((await api.get(namespace, 'true')).body.message).toContain(`it says that it is of namespace "${victim}"`);
  expect((await api.get(victim, 'true')).body).toMatchObject({ status: 'deployed', version: 1, ready: true });
  for (const [method, path] of [
    ['POST', `/api/v1/release/${namespace}/name/true/pause`],
    ['POST', `/api/v1/release/${namespace}/name/true/rollback?revision=9`],
    ['DELETE', `/api/v1/release/${namespace}/name/true`],
  ] as const) {
    const refused = await api.send(method, path);
    expect(refused.status, `${path}: ${refused.text}`).toBe(409);
    expect(refused.text).toContain('RELEASE_UNREADABLE');
  }
  await removeRecord('true', 9);
  // What remains are the tasks of the changes that were refused.
  await eventually(async () =>
    expect((await api.get(namespace, 'true')).body).toMatchObject({ status: '', version: 0 }),
  );
});

test('a newer record that cannot be read hides the release only while it is there', async () => {
  await api.mustInstall({ namespace, body: { name: 'hidden' }, archive: chart });
  await put('hidden', 2, packed(JSON.stringify(whole('other', 2))));
  await eventually(async () => {
    expect((await api.get(namespace, 'hidden')).body).toMatchObject({ status: 'unreadable', version: 2 });
  });
  const history = await fetch(`${server}/api/v1/release/${namespace}/name/hidden/history`);
  expect(history.status).toBe(200);
  expect(((await history.json()) as { items: { status: string }[] }).items.map(({ status }) => status)).toEqual([
    'unreadable',
    'deployed',
  ]);
  await removeRecord('hidden', 2);
  await eventually(async () => {
    expect((await api.get(namespace, 'hidden')).body).toMatchObject({ status: 'deployed', version: 1, ready: true });
  });
});

test.each([{ name: 'other' }, { owner: 'me' }, { status: 'uninstalled' }])(
  'a record that its labels %o hide is shown and named all the same',
  async (labels) => {
    const name = `labelled-${Object.keys(labels)[0]}`;
    await api.mustInstall({ namespace, body: { name }, archive: chart });
    const [record, own] = [`sh.helm.release.v1.${name}.v1`, { name, owner: 'helm', status: 'deployed' }];
    const label = (changed: object) =>
      kube.call(
        'PATCH',
        `/api/v1/namespaces/${namespace}/secrets/${record}`,
        { metadata: { labels: changed } },
        'application/merge-patch+json',
      );
    expect((await label(labels)).status).toBe(200);
    await eventually(async () => {
      expect((await api.get(namespace, name)).body).toMatchObject({ status: 'unreadable', version: 1 });
    });
    for (const answer of [await api.upgrade({ namespace, body: { name } }), await api.remove(namespace, name)]) {
      expect(answer.text).toContain('RELEASE_UNREADABLE');
      expect(answer.text).toContain(record);
    }
    expect((await label(own)).status).toBe(200);
    await eventually(async () => {
      expect((await api.get(namespace, name)).body).toMatchObject({ status: 'deployed', version: 1, ready: true });
    });
    expect((await api.remove(namespace, name)).status).toBe(200);
  },
);

test('a release reveals nothing about objects in other namespaces that its manifest names', async () => {
  const canary = 'canary-of-the-victim';
  await kube.call('POST', `/api/v1/namespaces/${victim}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'private', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
    data: { canary },
  });
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: private, namespace: ${victim}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone, namespace: ${victim}}\n`;
  await put('curious', 1, packed(JSON.stringify({ ...whole('curious', 1), manifest })));
  await eventually(async () => expect((await api.get(namespace, 'curious')).body.status).toBe('deployed'));
  const { body } = await api.get(namespace, 'curious');
  // Callers are not authenticated here, so every caller may see it. Readiness depends on its own namespace only.
  expect(body).toMatchObject({ ready: true, waitingFor: [], message: '' });
  await removeRecord('curious', 1);
});
