import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildChart, type ChartArchive } from '../harness/charts/chart-builder.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { MALFORMED_ARCHIVES, truncatedArchives } from '../harness/charts/malformed-archives.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { chartForm, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const MIB = 1024 * 1024;
const { kubeconfig } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
let server: WalmServer;
let api: WalmApi;
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace(kube, 'own-folders');
  server = await startWalmServer({ kubeconfig, flags: ['--spill-dir=spill', `--limits-data-bytes=${MIB}`] });
  api = createWalmApi(server.url);
});
afterAll(async () => {
  await server.stop();
  kube.close();
});

/** Files of a folder of the server and below it, by relative name. */
function filesOf(...path: string[]): string[] {
  return readdirSync(join(server.folder, ...path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** Starts an upload and disconnects in the middle of it. */
async function leaveUpload(): Promise<void> {
  const uploading = request(`${server.url}/api/v1/release/${namespace}/withchart`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(4 * MIB) },
  });
  const gone = new Promise<void>((resolve) => uploading.once('error', () => resolve()));
  uploading.write('--x\r\ncontent-disposition: form-data; name="chart"; filename="a.tgz"\r\n\r\n');
  uploading.write(randomBytes(MIB));
  await eventually(() => expect(filesOf('data', 'charts').some((name) => name.startsWith('upload-'))).toBe(true));
  uploading.destroy();
  await gone;
}

test('refused uploads leave nothing in the folders of the server', async () => {
  const refuse = async (body: { name: string }, archive: Buffer) => {
    for (const answer of [
      await api.install({ namespace, body, archive }),
      await api.dryRun({ namespace, body, archive }),
    ]) {
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    }
  };
  for (const { bytes } of MALFORMED_ARCHIVES) await refuse({ name: 'bad' }, bytes());
  for (const { bytes } of truncatedArchives(5)) await refuse({ name: 'bad' }, bytes());
  await refuse({ name: 'bad' }, Buffer.alloc(21 * MIB, 1));
  await refuse({ name: 'not a name' }, buildChart('good', {}).bytes);
  const twice = chartForm({ name: 'app' }, buildChart('good', {}).bytes);
  twice.append('chart', new Blob([randomBytes(MIB)]), 'second.tgz');
  const answer = await api.send('POST', `/api/v1/release/${namespace}/withchart`, { body: twice });
  expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
  await leaveUpload();
  await eventually(() => {
    // Archives that were checked are kept, by their digest, as long as there is room.
    expect(filesOf('data', 'charts').filter((name) => !/^[0-9a-f]{64}\.tgz$/.test(name))).toEqual([]);
    expect(filesOf('spill')).toEqual([]);
    expect(filesOf('data', 'records')).toEqual([]);
  });
});

/** A chart of almost half a mebibyte that cannot be compressed: there is room for two of them, not for three. */
function large(name: string): ChartArchive {
  return buildChart(name, { 'files/noise': randomBytes(Math.floor(0.45 * MIB)), 'templates/x.yaml': '' });
}

test('of the archives those go that were not used for longest, in memory or not', async () => {
  const fileOf = ({ digest }: ChartArchive) => join(server.folder, 'data', 'charts', `${digest}.tgz`);
  const [hot, cold, another] = [large('hot'), large('cold'), large('another')];
  const use = async ({ name, bytes }: ChartArchive) => {
    const answer = await api.install({ namespace, body: { name }, archive: bytes });
    expect(answer.status, answer.text).toBe(200);
  };
  for (const chart of [hot, cold, another]) await use(chart);
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const chart of [hot, cold]) utimesSync(fileOf(chart), longAgo, longAgo);
  const body = JSON.stringify({ name: 'hot', configValues: { any: 'thing' } });
  const upgraded = await api.send('PUT', `/api/v1/release/${namespace}`, {
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(upgraded.status, upgraded.text).toBe(200);
  expect(statSync(fileOf(hot)).mtimeMs).toBeGreaterThan(longAgo.getTime());
  await eventually(() => expect(existsSync(fileOf(cold))).toBe(false));
  expect([hot, another].map((chart) => existsSync(fileOf(chart)))).toEqual([true, true]);
});
