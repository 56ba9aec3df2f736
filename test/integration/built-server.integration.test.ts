import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { packServer } from '../../tools/pack-server.ts';
import { folderChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { binaryPath } from '../harness/programs/binaries.ts';
import { freePort } from '../harness/programs/free-port.ts';
import { type RedisServer, startRedisServer } from '../harness/programs/redis-server.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** A server that was built, in a folder from which no node_modules and no source is found, with Redis and Kafka. */
const { kubeconfig, starter } = inject('surroundings');
const namespace = 'built';
/** Larger than what is read in place, so that a thread reads it. */
const LARGE = 'x'.repeat(300_000);

let folder: string;
let kube: KubeClient;
let redis: RedisServer;
let server: WalmServer;
let api: WalmApi;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'walm-built-'));
  const { program } = await packServer(join(folder, 'server'));
  kube = createKubeClient(kubeconfig);
  await createNamespace(kube, namespace);
  redis = await startRedisServer();
  const flags = [
    '--kubernetes-system-namespace=walm-built',
    `--engine-path=${binaryPath('walm-engine')}`,
    `--redis-config-addr=${redis.address}`,
    '--kafka-config-enable',
    // No broker listens there: the client is loaded, and says so.
    `--kafka-config-brokers=127.0.0.1:${await freePort()}`,
  ];
  server = await startWalmServer({ kubeconfig, flags, program });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  await server?.stop();
  await redis?.stop();
  kube?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('installs a chart, with a request that a thread reads, and copies the release to Redis', async () => {
  const body = { name: 'web', configValues: { large: LARGE } };
  await api.mustInstall({ namespace, body, archive: folderChart(starter).bytes });
  const { body: release } = await api.get(namespace, 'web');
  expect(release.configValues).toEqual({ large: LARGE });
  await eventually(async () => expect(await redis.client.hget('walm-releases', `${namespace}/web`)).toContain('web'));
});

test('a refusal that a thread finds is the same problem', async () => {
  const body = `{"name": "web", "configValues": {"large": "${LARGE}"`;
  const headers = { 'content-type': 'application/json' };
  const answer = await api.send('POST', `/api/v1/release/${namespace}`, { body, headers });
  expect([answer.status, answer.body]).toMatchObject([400, { code: 'BODY_MALFORMED' }]);
});

test('the page of the description and its files are there', async () => {
  const page = await api.send('GET', '/swagger-ui/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const files = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const { pathname } = new URL(file, `${server.url}/swagger-ui/`);
    expect([pathname, (await api.send('GET', pathname)).status]).toEqual([pathname, 200]);
  }
  const none = await api.send('GET', '/swagger-ui/static/none.js');
  const requestId = none.headers.get('x-request-id');
  expect([none.status, none.body]).toMatchObject([404, { code: 'ROUTE_NOT_FOUND', requestId }]);
});

test('Kafka was loaded, and is said to be down', async () => {
  await eventually(() => expect(server.log()).toContain('event delivery failed, will retry'));
});

test('the engine gets its pipes, and nothing else that the server has open', () => {
  const [engine] = server.children();
  const open = `/proc/${engine}/fd`;
  const files = readdirSync(open).map((fd) => readlinkSync(join(open, fd)));
  expect(files.filter((file) => file.startsWith(server.folder) || file.startsWith(folder))).toEqual([]);
  expect(readFileSync(`/proc/${engine}/cmdline`, 'utf8')).toContain('walm-engine');
});
