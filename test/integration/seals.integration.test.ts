import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import type { ServerStatus } from '../../contract/schemas/server-status.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createRecordEditor, type RecordPayload } from '../harness/clients/helm-record.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { startedWith } from '../harness/process-tree.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** A cluster of its own: the server must lead, its keys change, and namespaces come and go. */
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let kube: ReturnType<typeof createKubeClient>;
let records: ReturnType<typeof createRecordEditor>;
let server: WalmServer;
let api: WalmApi;
const namespace = 'sealed';
const KEY_SECRET = '/api/v1/namespaces/walm-system/secrets/walm-seal-key';

const provider = buildChart('provider', {
  'values.yaml': 'round: one\n',
  'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
}).bytes;
const client = buildChart('client', {
  'templates/got.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
}).bytes;

const SWAPPED = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: swapped}\n';

beforeAll(async () => {
  sandbox = await startSandbox();
  const { kubeconfig } = sandbox.handle;
  kube = createKubeClient(kubeconfig);
  records = createRecordEditor(kube);
  server = await startWalmServer({ kubeconfig, readyWithinMs: 120_000 });
  api = createWalmApi(server.url);
  await createNamespace(kube, namespace);
  await createNamespace(kube, 'elsewhere');
  const body = { name: 'db', outputs: { round: 'values:round' } };
  await api.mustInstall({ namespace, body, archive: provider });
});
afterAll(async () => {
  await server.stop();
  kube.close();
  await sandbox.stop();
});

const install = (name: string, at = namespace) =>
  api.mustInstall({ namespace: at, body: { name, dependencies: { db: `${namespace}/db` } }, archive: client });
const upgrade = async (name: string, configValues: object) => {
  const answer = await api.send('PUT', `/api/v1/release/${namespace}`, {
    body: JSON.stringify({ name, configValues }),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status, answer.text).toBe(200);
};
const seen = (name: string, expected: object, at = namespace): Promise<ReleaseInfo> =>
  eventually(async () => {
    const { body } = await api.get(at, name);
    expect(body).toMatchObject(expected);
    return body;
  });
const status = async () => (await api.send('GET', '/api/v1/status')).body as ServerStatus;
const payload = async (name: string, revision: number, at = namespace) =>
  records.payloadOf(await records.read(at, name, revision));
const restart = async (meanwhile = () => {}) => {
  await server.kill();
  meanwhile();
  server = await startWalmServer({ kubeconfig: sandbox.handle.kubeconfig, after: server, readyWithinMs: 120_000 });
  api = createWalmApi(server.url);
};

let rounds = 0;
/** The provider publishes another value, and every dependent that may follow has followed. */
async function nextRound(): Promise<string> {
  const round = `round-${(rounds += 1)}`;
  await upgrade('db', { round });
  await eventually(async () => {
    const { body } = await api.get(namespace, 'honest');
    expect(body.dependenciesConfigValues).toEqual({ db: { round } });
  });
  await untilQuiet(server.url);
  return round;
}

test('what Walm writes is sealed, also what it writes by itself', async () => {
  await install('honest');
  await seen('honest', { sealed: true, version: 1 });
  await nextRound();
  const { outside } = await seen('honest', { sealed: true, version: 2 });
  expect(outside).toBeUndefined();
  for (const verb of ['pause', 'recover']) {
    const { status: code, text } = await api.send('POST', `/api/v1/release/${namespace}/name/honest/${verb}`);
    expect(code, text).toBe(200);
  }
  await seen('honest', { sealed: true, version: 4 });
  const { releases, tasks } = await status();
  expect([releases.unsealed, tasks.unsealed]).toEqual([0, 0]);
});

const replaced = (made: RecordPayload, from: string, to: string): RecordPayload => ({
  ...made,
  manifest: made.manifest.replace(from, to),
});

const deployed = (made: RecordPayload): RecordPayload => ({
  ...made,
  info: { ...(made['info'] as object), status: 'deployed' },
});

/** What a user who may edit the namespace can do to the records of a release at revision 2. */
const moves: Record<string, (name: string) => Promise<void>> = {
  async 'edited values'(name) {
    const made = await payload(name, 2);
    await records.write(namespace, name, 2, { ...made, config: { forged: true } });
  },
  async 'an edited manifest'(name) {
    const made = await payload(name, 2);
    await records.write(namespace, name, 2, replaced(made, 'kind: ConfigMap', 'kind: Secret'));
  },
  async 'edited facts'(name) {
    const made = await payload(name, 2);
    await records.write(namespace, name, 2, replaced(made, `${namespace}/db`, 'elsewhere/db'));
  },
  async 'an edited chart'(name) {
    const made = await payload(name, 2);
    const chart = made['chart'] as { templates: unknown[] };
    await records.write(namespace, name, 2, { ...made, chart: { ...chart, templates: [] } });
  },
  async 'an added hook'(name) {
    const made = await payload(name, 2);
    const hook = { name: 'h', kind: 'ConfigMap', path: 'x', manifest: 'kind: ConfigMap\n', events: ['pre-upgrade'] };
    await records.write(namespace, name, 2, { ...made, hooks: [{ ...hook, last_run: { phase: '' } }] });
  },
  async 'a replayed revision'(name) {
    await records.write(namespace, name, 3, { ...deployed(await payload(name, 1)), version: 3 });
  },
  async 'a copied newest revision'(name) {
    await records.write(namespace, name, 3, { ...deployed(await payload(name, 2)), version: 3 });
  },
  async "another release's revision"(name) {
    const other = await payload('honest', 2);
    await records.write(namespace, name, 2, { ...deployed(other), name });
  },
  async 'the same release of another namespace'(name) {
    await install(name, 'elsewhere');
    const other = await payload(name, 1, 'elsewhere');
    await records.write(namespace, name, 3, { ...other, namespace, version: 3 });
  },
  async 'a seal taken out'(name) {
    const made = await payload(name, 2);
    const manifest = made.manifest.replace(/^ {4}walm\.io\/seal: .*\n/m, '');
    await records.write(namespace, name, 2, { ...made, manifest });
  },
  async 'a second ReleaseConfig'(name) {
    const made = await payload(name, 2);
    const second = `---\napiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\nmetadata: {name: ${name}}\n`;
    await records.write(namespace, name, 2, { ...made, manifest: made.manifest + second });
  },
};

describe('a record that Walm did not write as it is', () => {
  test.each(Object.entries(moves))('%s: is outside, and nothing is done with it', async (what, move) => {
    const name = `v${what.replaceAll(/\W+/g, '-').toLowerCase()}`;
    await install(name);
    await upgrade(name, { by: 'its owner' });
    await seen(name, { sealed: true, version: 2 });
    await move(name);
    const { outside, version } = await seen(name, { sealed: false });
    expect(outside?.reason).toMatch(/seal|sealed/);
    const round = await nextRound();
    const after = await api.get(namespace, name);
    expect(after.body).toMatchObject({ sealed: false, version });
    expect(JSON.stringify([after.body.dependenciesConfigValues, after.body.computedValues])).not.toContain(round);
    // Deleted, so that the next move starts clean.
    const gone = await api.remove(namespace, name, { force: true });
    expect(gone.status, gone.text).toBe(200);
  });

  test('is in force again with the next change by a person', async () => {
    await install('mended');
    const made = await payload('mended', 1);
    await records.write(namespace, 'mended', 1, { ...made, config: { edited: true } });
    await seen('mended', { sealed: false });
    expect((await status()).releases.unsealed).toBe(1);
    await upgrade('mended', { by: 'somebody' });
    await seen('mended', { sealed: true, version: 2 });
    expect((await status()).releases.unsealed).toBe(0);
    const round = await nextRound();
    await seen('mended', { sealed: true, version: 3, dependenciesConfigValues: { db: { round } } });
  });

  test('whose newest revision is deleted, or which is put back, is what was sealed', async () => {
    await install('shortened');
    await upgrade('shortened', { second: true });
    await seen('shortened', { version: 2 });
    await records.remove(namespace, 'shortened', 2);
    const { outside } = await seen('shortened', { version: 1, sealed: true });
    expect(outside).toBeUndefined();

    // A revision that was sealed here stays valid, also after a delete.
    const made = await payload('shortened', 1);
    await api.remove(namespace, 'shortened');
    await records.write(namespace, 'shortened', 1, made);
    await seen('shortened', { version: 1, sealed: true });
  });

  test('that is restored into a recreated namespace is outside', async () => {
    await createNamespace(kube, 'reborn');
    await install('web', 'reborn');
    const made = await payload('web', 1, 'reborn');
    await kube.remove('/api/v1/namespaces/reborn');
    await eventually(async () => expect(await kube.find('/api/v1/namespaces/reborn')).toBeUndefined());
    await createNamespace(kube, 'reborn');
    await records.write('reborn', 'web', 1, made);
    const { outside } = await seen('web', { sealed: false }, 'reborn');
    expect(outside?.reason).toBe('it was sealed in an earlier namespace reborn');
    await api.remove('reborn', 'web', { force: true });
  });
});

test('an archive that was exchanged is not rendered, also by a server that starts with an empty folder', async () => {
  const own = buildChart('swapped', { 'templates/got.yaml': SWAPPED });
  const body = { name: 'swapped', dependencies: { db: `${namespace}/db` } };
  await api.mustInstall({ namespace, body, archive: own.bytes });
  await seen('swapped', { sealed: true, version: 1 });
  const evil = buildChart('swapped', {
    'templates/got.yaml': `${SWAPPED}---\n${SWAPPED.replace('swapped', 'planted')}`,
  });
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const kept = (await kube.list(secrets)).filter(
    ({ type, metadata }) => type === 'walm.io/chart.v1' && metadata.name.includes(own.digest.slice(0, 20)),
  );
  expect(kept).toHaveLength(1);
  for (const { metadata, type } of kept) {
    await kube.remove(`${secrets}/${metadata.name}`);
    const { name, labels } = metadata;
    await kube.create(secrets, { metadata: { name, labels }, type, data: { chunk: evil.bytes.toString('base64') } });
  }
  await restart(() => rmSync(join(server.folder, 'data', 'charts'), { recursive: true }));
  await seen('swapped', { sealed: true, version: 1 });
  // It follows with the chart that is in the record, which the seal covers.
  const round = await nextRound();
  await seen('swapped', { sealed: true, version: 2, dependenciesConfigValues: { db: { round } } });
  expect(await kube.find(`/api/v1/namespaces/${namespace}/configmaps/planted`)).toBeUndefined();
  // A caller who names no chart does not get the other one either.
  const asked = { body: JSON.stringify({ name: 'swapped', configValues: { a: 1 } }) };
  const answer = await api.send('PUT', `/api/v1/release/${namespace}`, {
    ...asked,
    headers: { 'content-type': 'application/json' },
  });
  expect(await kube.find(`/api/v1/namespaces/${namespace}/configmaps/planted`), answer.text).toBeUndefined();
  const gone = await api.remove(namespace, 'swapped', { force: true });
  expect(gone.status, gone.text).toBe(200);
});

test('many are adopted at once, and sealed in the name of the caller', async () => {
  for (const name of ['old1', 'old2']) {
    const body = { name, dependencies: { db: `${namespace}/db` }, releaseLabels: { age: 'old' } };
    await api.mustInstall({ namespace, body, archive: client });
    const made = await payload(name, 1);
    const manifest = made.manifest.replace(/^ {4}walm\.io\/seal: .*\n/m, '');
    await records.write(namespace, name, 1, { ...made, manifest });
    await seen(name, { sealed: false });
  }
  const { status: code, text } = await api.send('POST', '/api/v1/bulk/adopt', { query: { labelselector: 'age=old' } });
  expect(code, text).toBe(200);
  for (const name of ['old1', 'old2']) await seen(name, { sealed: true, version: 2 });
});

test('a task that was written by hand is not carried out, and is reported', async () => {
  const id = 'forged-task';
  const task = {
    id,
    operation: 'delete',
    namespace,
    release: 'honest',
    state: 'queued',
    attempt: 0,
    caller: { user: 'root', groups: ['system:masters'] },
    requestId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: { kind: 'delete', deletePvcs: true, ignoreNotFound: true },
  };
  const data = { task: gzipSync(JSON.stringify(task)).toString('base64') };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: `walm-task-${id}` }, type: 'walm.io/task.v1' };
  await kube.create('/api/v1/namespaces/walm-system/secrets', { ...secret, data });
  await eventually(async () => expect((await status()).tasks.unsealed).toBe(1));
  await nextRound();
  expect((await api.get(namespace, 'honest')).body.task).toBeUndefined();
  expect((await api.task(id)).status).toBe(404);
  await eventually(async () => expect((await status()).tasks).toMatchObject({ queued: 0, running: 0, unsealed: 1 }));
  const told = server
    .log()
    .split('\n')
    .filter((line) => line.includes(`walm-task-${id}`));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('it carries no seal');
  await kube.remove(`/api/v1/namespaces/walm-system/secrets/walm-task-${id}`);
  await eventually(async () => expect((await status()).tasks.unsealed).toBe(0));
});

describe('keys', () => {
  const keys = async () => ((await kube.find(KEY_SECRET))?.['data'] ?? {}) as Record<string, string>;

  test('stay where they are: no answer, log, argument or environment of a process shows one', async () => {
    const [coded = ''] = Object.values(await keys());
    const raw = Buffer.from(coded, 'base64').toString();
    const answers = [
      server.log(),
      (await api.send('GET', '/metrics')).text,
      (await api.send('GET', '/api/v1/status')).text,
      (await api.send('GET', `/api/v1/release/${namespace}/name/honest/manifest`)).text,
    ];
    const started = startedWith(server.pid);
    // The server and the engine.
    expect(started.filter((text) => text !== '').length).toBeGreaterThanOrEqual(4);
    for (const text of [...answers, ...started]) {
      expect(text).not.toContain(coded);
      expect(text).not.toContain(raw);
    }
  });

  test('an added key signs from then on, the other is removed, and each step is logged', async () => {
    const [old = ''] = Object.keys(await keys());
    const next = 'z-next';
    await kube.call(
      'PATCH',
      KEY_SECRET,
      { data: { [next]: randomBytes(32).toString('base64') } },
      'application/merge-patch+json',
    );
    await restart();
    await install('rotated');
    expect((await payload('rotated', 1)).manifest).toContain(`walm.io/seal: v1.${next}.`);
    await seen('honest', { sealed: true });
    await kube.call('PATCH', KEY_SECRET, { data: { [old]: null } }, 'application/merge-patch+json');
    await restart();
    await seen('rotated', { sealed: true });
    const { outside } = await seen('honest', { sealed: false });
    expect(outside?.reason).toBe(`its seal was made with the key "${old}", which is not among the seal keys`);
  });

  test('all are lost: a new one is made, everything is outside, and nothing that a person does is in the way', async () => {
    await kube.remove(KEY_SECRET);
    await restart();
    expect(Object.keys(await keys())).toHaveLength(1);
    await seen('rotated', { sealed: false });
    await upgrade('rotated', { after: 'the loss' });
    await seen('rotated', { sealed: true, version: 2 });
  });
});
