import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { type OperationId, operations } from '../../contract/operations/operations.ts';
import { askedOpenly, withoutRequest } from '../harness/asked-openly.ts';
import { type Canary, canariesIn, encodingsOf } from '../harness/canary-encodings.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { type KafkaBroker, startKafkaBroker } from '../harness/programs/kafka-broker.ts';
import { type KafkaReader, readKafka } from '../harness/programs/kafka-consumer.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { type RedisServer, startRedisServer } from '../harness/programs/redis-server.ts';
import { allow, allowEverywhere, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { CANARIES, createCanaryCalls, refusedValues, values } from '../harness/trust/canary-calls.ts';
import { type ApiAnswer, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const canaries: Canary[] = Object.values(CANARIES);
const [namespace, elsewhere] = ['canaries', 'canaries-hidden'] as const;

const { kubeconfig, repository } = inject('surroundings');
const folder = mkdtempSync(join(tmpdir(), 'walm-canary-'));
const auditFile = join(folder, 'audit.jsonl');
const kube = createKubeClient(kubeconfig);
const helm = createHelmCli(kubeconfig);
const chart = fixtureChart('canary').bytes;
const { calls, order, install } = createCanaryCalls(namespace, chart);

let server: WalmServer;
let redis: RedisServer;
let broker: KafkaBroker;
let topics: KafkaReader;
let admin: WalmApi;
let viewer: WalmApi;
let nobody: WalmApi;
let events: { text: () => string; close: () => void };

/** Everything that Walm returned, by its source. */
const seen: { from: string; text: string }[] = [];

function note(from: string, { status, headers, text }: ApiAnswer): void {
  seen.push({ from: `${from} → ${status}`, text: `${JSON.stringify([...headers])}\n${text}` });
}

async function follow(token: string) {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  let text = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true });
  })();
  reading.catch(() => undefined);
  return { text: () => text, close: () => abort.abort() };
}

beforeAll(async () => {
  [redis, broker] = await Promise.all([startRedisServer(), startKafkaBroker()]);
  topics = await readKafka(broker.address, ['release-config', 'release-status']);
  await Promise.all([namespace, elsewhere, 'walm-canary'].map((name) => createNamespace(kube, name)));
  const key = (await kube.find('/api/v1/namespaces/walm-system/secrets/walm-digest-key'))!;
  const { kind, apiVersion, data } = key;
  const metadata = { name: 'walm-digest-key' };
  await kube.create('/api/v1/namespaces/walm-canary/secrets', { kind, apiVersion, metadata, data });
  const tokenOf = (name: string) => serviceAccountToken(kube, { namespace, name });
  const [adminToken, viewerToken, nobodyToken] = await Promise.all(['admin', 'viewer', 'nobody'].map(tokenOf));
  await allowEverywhere(kube, { namespace, name: 'admin' }, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  const releases = { apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'] };
  await allow(kube, { namespace, name: 'viewer' }, namespace, [{ ...releases, verbs: ['get', 'list', 'delete'] }]);
  const flags = [
    '--auth-mode=kubernetes',
    '--kubernetes-system-namespace=walm-canary',
    '--log-level=trace',
    `--audit-file=${auditFile}`,
    `--redis-config-addr=${redis.address}`,
    '--cache-resync-sec=1',
    '--kafka-config-enable=true',
    `--kafka-config-brokers=${broker.address}`,
  ];
  server = await startWalmServer({
    kubeconfig,
    repositories: [{ name: 'stable', url: repository.url }],
    flags,
    readyWithinMs: 120_000,
  });
  admin = createWalmApi(server.url, adminToken);
  viewer = createWalmApi(server.url, viewerToken);
  nobody = createWalmApi(server.url, nobodyToken);
  events = await follow(adminToken!);
  await plant();
});

afterAll(async () => {
  events?.close();
  await server?.stop();
  await topics?.close();
  await Promise.all([redis?.stop(), broker?.stop()]);
  helm.close();
  kube.close();
  rmSync(folder, { recursive: true });
});

const source = buildChart('canary-source', {
  'values.schema.json':
    '{"properties": {"password": {"type": "string", "writeOnly": true}, "token": {"writeOnly": true}}}',
  'templates/x.yaml': `apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-token"}
stringData: {token: {{ .Values.token }}}
`,
}).bytes;

/** Installs releases that contain the canaries: a provider, its dependents, and a release in two revisions. */
async function plant(): Promise<void> {
  await admin.mustInstall({
    namespace,
    archive: source,
    body: {
      name: 'source',
      configValues: { password: CANARIES.given.core, token: CANARIES.read.core },
      outputs: { password: 'values:password', token: 'secret:source-token.token' },
    },
  });
  const dependencies = { up: 'source' };
  note('install', await admin.mustInstall(order('web', values(CANARIES.former.core), { dependencies })));
  await eventually(async () => expect(await redis.client.hget('walm-releases', `${namespace}/web`)).not.toBeNull());
  note(
    'upgrade',
    await admin.upgrade({
      namespace,
      body: { name: 'web', configValues: values(CANARIES.password.core), ...askedOpenly(CANARIES.token.core) },
    }),
  );
  const hidden = {
    namespace: elsewhere,
    archive: chart,
    body: { name: 'hidden', dependencies: { up: `${namespace}/source` } },
  };
  note(
    'install elsewhere',
    await admin.mustInstall({ ...hidden, body: { ...hidden.body, configValues: values('none-here') } }),
  );
  note(
    'project',
    await admin.send('POST', `/api/v1/project/${namespace}/name/shop`, {
      body: JSON.stringify({
        commonValues: { url: `http://${CANARIES.password.core}@h` },
        releases: [
          {
            name: 'part',
            repoName: 'stable',
            chartName: 'no-such-chart',
            configValues: values(CANARIES.password.core),
          },
        ],
      }),
      headers: { 'content-type': 'application/json' },
    }),
  );
}

const reads = Object.keys(calls).filter((id) => operations[id as OperationId].method === 'GET') as OperationId[];
const changes = Object.keys(calls).filter((id) => operations[id as OperationId].method !== 'GET') as OperationId[];

async function call(id: OperationId, who: string, api: WalmApi): Promise<void> {
  for (const answer of calls[id](api)) note(`${id} as ${who}`, await answer);
}

function expectNone(): void {
  expect(seen.flatMap(({ from, text }) => canariesIn(text, canaries).map((found) => `${from}: ${found}`))).toEqual([]);
}

test('the canaries are there, and the search finds them', async () => {
  const record = await helm.run('get', 'all', 'web', '-n', namespace);
  const { former: _, read: __, ...own } = CANARIES;
  for (const one of Object.values(own)) expect(canariesIn(record, [one]), one.name).not.toEqual([]);
  const { auth } = values(CANARIES.password.core);
  for (const [before, after] of [
    ['', ''],
    ['x', 'y'],
    ['xy', 'xyz'],
  ] as const) {
    const text = Buffer.from(before + auth.password + after).toString('base64');
    expect(encodingsOf(CANARIES.password).some((form) => text.includes(form))).toBe(true);
  }
});

test('every operation has its row', () => {
  expect(Object.keys(calls).toSorted()).toEqual(Object.keys(operations).toSorted());
});

test('no answer to a read contains one, for any caller', async () => {
  for (const id of reads) {
    await call(id, 'admin', admin);
    await call(id, 'viewer', viewer);
    await call(id, 'nobody', nobody);
  }
  const { body } = await admin.get(namespace, 'web');
  expect(body.waitingFor.length).toBeGreaterThan(0);
  expect(body.releaseStatus?.configmaps.length).toBeGreaterThan(5);
  expect(body.notes).toContain('***');
  expectNone();
});

test('no change shows one, whether it fails or not', async () => {
  for (const id of changes) await call(id, 'nobody', nobody);
  for (const id of changes) await call(id, 'admin', admin);
  // A release whose newest revision failed, with the canaries of that one and of the one that is running.
  note('failed upgrade', await install(admin, 'PUT', '', { name: 'web', configValues: refusedValues('hook') }));
  for (const id of reads) await call(id, 'admin after changes', admin);
  const { body } = await admin.send('GET', '/api/v1/task');
  for (const { id } of (body as { items: { id: string }[] }).items) note(`task ${id}`, await admin.task(id));
  expectNone();
});

test('no event, log line, audit line, copy, record of a topic or file shows one', async () => {
  await eventually(() => expect(topics.records('release-config').length).toBeGreaterThan(2));
  for (const hash of ['walm-releases', 'walm-release-tasks', 'walm-project-tasks']) {
    seen.push({ from: `Redis ${hash}`, text: JSON.stringify(await redis.client.hgetall(hash)) });
  }
  for (const topic of ['release-config', 'release-status']) {
    topics.records(topic).forEach(({ value }) => seen.push({ from: `topic ${topic}`, text: String(value) }));
  }
  expect(events.text()).toContain('"web"');
  seen.push({ from: 'events', text: events.text() });
  seen.push({ from: 'log', text: server.log() }, { from: 'audit file', text: readFileSync(auditFile, 'utf8') });
  for (const entry of readdirSync(server.folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) seen.push({ from: `file ${path}`, text: readFileSync(path, 'latin1') });
  }
  const configs = await kube.list('/apis/apiextensions.transwarp.io/v1beta1/releaseconfigs');
  seen.push({ from: 'ReleaseConfigs', text: JSON.stringify(configs.map(withoutRequest)) });
  expectNone();
});

test('who may not read records or ConfigMaps is shown nothing of them', async () => {
  const { body } = await viewer.get(namespace, 'web');
  expect(body).toMatchObject({ name: 'web', notes: '', computedValues: null, metaInfoValues: null });
  expect(body.configValues).not.toBeNull();
  expect(new Set(body.releaseStatus?.configmaps.map(({ data }) => data))).toEqual(new Set([null]));
  const full = (await admin.get(namespace, 'web')).body;
  expect(full.releaseStatus?.configmaps.some(({ data }) => data !== null)).toBe(true);
});

test('dependents that one may not list are counted and not named', async () => {
  const refused = await viewer.remove(namespace, 'source');
  expect(refused.status, refused.text).toBe(409);
  expect(refused.text).toContain('1 release that you may not list');
  const graph = await viewer.send('GET', '/api/v1/dependency');
  expect(graph.body).toMatchObject({ hidden: 1, edges: [{ from: `${namespace}/web`, to: `${namespace}/source` }] });
  for (const { text } of [refused, graph]) expect(text).not.toContain(elsewhere);
  expect((await admin.remove(namespace, 'source')).text).toContain(`${elsewhere}/hidden`);
});

test('a dry run counts the dependents that one may not list, and names the others', async () => {
  const owner = { namespace, name: 'owner' };
  await allow(kube, owner, namespace, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  const api = createWalmApi(server.url, await serviceAccountToken(kube, owner));
  const change = { name: 'source', configValues: { password: 'quite-another-one' } };
  const limited = await install(api, 'POST', '/dryrun?diff=true', change);
  expect(limited.status, limited.text).toBe(200);
  const web = expect.objectContaining({ namespace, name: 'web', outputs: ['password'] });
  expect(limited.body).toMatchObject({ dependents: [web], hiddenDependents: 1 });
  expect(limited.text).not.toContain(elsewhere);
  const whole = await install(admin, 'POST', '/dryrun?diff=true', change);
  expect(whole.body).toMatchObject({ hiddenDependents: 0 });
  expect(whole.text).toContain(elsewhere);
});

test('what was read can be sent back: what is hidden stays as it was', async () => {
  const { configValues, plugins, version } = (await admin.get(namespace, 'web')).body;
  // The failed revision has other values, which must not be shown.
  const before = await helm.run('get', 'values', 'web', '-n', namespace, '-o', 'json', '--revision', `${version}`);
  expect(JSON.stringify(configValues)).toContain('***');
  const sent = await install(admin, 'PUT', '', {
    name: 'web',
    configValues: { ...configValues, fail: '' },
    plugins: plugins ?? [],
  });
  expect(sent.status, sent.text).toBe(200);
  expect(JSON.parse(await helm.run('get', 'values', 'web', '-n', namespace, '-o', 'json'))).toEqual({
    ...(JSON.parse(before) as object),
    fail: '',
  });
});
