import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { PRIVATE_LOGIN } from '../harness/programs/surroundings.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';

const { kubeconfig, server, logFile, ownRepositories, registry } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const namespace = 'chart-sources';
const chart = buildChart('plain', { 'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n' });
let login: ChartRepository;
let odd: ChartRepository;
let elsewhere: ChartRepository;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  login = await startChartRepository({ ...ownRepositories.private, credentials: PRIVATE_LOGIN });
  odd = await startChartRepository(ownRepositories.odd);
  elsewhere = await startChartRepository();
});
afterAll(async () => {
  await Promise.all([login.close(), odd.close(), elsewhere.close()]);
  kube.close();
});

function dryRun(repoName: string, chartName: string, chartVersion?: string): Promise<ApiAnswer> {
  const body = { name: 'app', repoName, chartName, ...(chartVersion && { chartVersion }) };
  return api.dryRun({ namespace, body });
}

function indexOf(name: string, url: string): string {
  const version = { apiVersion: 'v2', name, version: '0.1.0', urls: [url] };
  return JSON.stringify({ apiVersion: 'v1', entries: { [name]: [version] } });
}

test('repositories and their charts are listed, without credentials', async () => {
  const repositories = await api.send('GET', '/api/v1/chart/repolist');
  expect(repositories.status).toBe(200);
  expect(repositories.text).not.toContain(PRIVATE_LOGIN.password);
  const { items } = repositories.body as { items: { repoName: string }[] };
  expect(items.map(({ repoName }) => repoName)).toEqual(['stable', 'private', 'odd', 'qa']);
  expect(items[0]).toMatchObject({ kind: 'repository', origin: 'configuration', isDefault: true });
  const charts = await api.send('GET', '/api/v1/chart/stable/list');
  expect(charts.status, charts.text).toBe(200);
  const names = (charts.body as { items: { chartName: string }[] }).items.map(({ chartName }) => chartName);
  expect(names).toEqual(expect.arrayContaining(['estate', 'umbrella', 'starter', 'zookeeper']));
  const unknown = await api.send('GET', '/api/v1/chart/nowhere/list');
  expect(unknown.status).toBe(404);
  expect(problemOf(unknown).code).toMatch(/^REPOSITORY_/);
});

test('a repository with login gets its credentials, another host does not', async () => {
  login.add(chart);
  const answer = await dryRun('private', 'plain');
  expect(answer.status, answer.text).toBe(200);
  expect(login.requests.every(({ authorization }) => authorization?.startsWith('Basic '))).toBe(true);

  elsewhere.add({ ...chart, name: 'away' });
  login.put('/index.yaml', indexOf('plain', `${elsewhere.url}/charts/away-0.1.0.tgz`));
  const away = await dryRun('private', 'plain', '0.1.0');
  expect(away.status, away.text).toBe(200);
  login.put('/index.yaml', indexOf('plain', 'charts/moved.tgz'));
  login.put('/charts/moved.tgz', { redirectTo: `${elsewhere.url}/charts/away-0.1.0.tgz` });
  const moved = await dryRun('private', 'plain', '0.1.0');
  expect(moved.status, moved.text).toBe(200);
  expect(elsewhere.requests.length).toBeGreaterThan(0);
  expect(elsewhere.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  expect(readFileSync(logFile, 'utf8')).not.toContain(PRIVATE_LOGIN.password);
});

test('without a version, the newest one that is not a pre-release is taken', async () => {
  for (const version of ['0.9.0', '1.2.0', '1.10.0', '2.0.0-rc.1']) odd.add(buildChart('many', {}, version));
  await api.mustInstall({ namespace, body: { name: 'newest', repoName: 'odd', chartName: 'many' } });
  expect((await api.get(namespace, 'newest')).body).toMatchObject({ chartVersion: '1.10.0', repoName: 'odd' });
  await api.mustInstall({
    namespace,
    body: { name: 'early', repoName: 'odd', chartName: 'many', chartVersion: '2.0.0-rc.1' },
  });
  expect((await api.get(namespace, 'early')).body).toMatchObject({ chartVersion: '2.0.0-rc.1' });
  // An upgrade that names no chart keeps the chart's source.
  for (const body of [{ configValues: { a: 1 } }, { chartVersion: '1.2.0' }]) {
    const upgraded = await api.upgrade({ namespace, body: { name: 'early', ...body } });
    expect(upgraded.status, upgraded.text).toBe(200);
    expect((await api.get(namespace, 'early')).body).toMatchObject({ repoName: 'odd' });
  }
});

test.each([
  ['an index that is HTML', (r: ChartRepository) => r.put('/index.yaml', '<html><body>welcome</body></html>')],
  ['an index that is empty', (r: ChartRepository) => r.put('/index.yaml', '')],
  [
    'an index that goes round in circles',
    (r: ChartRepository) => r.put('/index.yaml', { redirectTo: `${r.url}/index.yaml` }),
  ],
  [
    'an index at a metadata address',
    (r: ChartRepository) => r.put('/index.yaml', { redirectTo: 'http://169.254.169.254/index.yaml' }),
  ],
  [
    'a chart at a metadata address',
    (r: ChartRepository) => r.put('/index.yaml', indexOf('odd', 'http://169.254.169.254/x.tgz')),
  ],
  ['a chart that is not there', (r: ChartRepository) => r.put('/index.yaml', indexOf('odd', 'nothing.tgz'))],
  [
    'a chart by an unknown protocol',
    (r: ChartRepository) => r.put('/index.yaml', indexOf('odd', 'file:///etc/passwd')),
  ],
  [
    'a chart with another digest',
    (r: ChartRepository) => {
      const tampered = { ...fixtureChart('umbrella'), name: 'odd', version: '0.1.0', digest: chart.digest };
      r.put('/charts/odd-0.1.0.tgz', tampered.bytes);
      const entry = {
        apiVersion: 'v2',
        name: 'odd',
        version: '0.1.0',
        digest: chart.digest,
        urls: ['charts/odd-0.1.0.tgz'],
      };
      r.put('/index.yaml', JSON.stringify({ apiVersion: 'v1', entries: { odd: [entry] } }));
    },
  ],
])('%s is a problem with a code', async (_what, arrange) => {
  arrange(odd);
  const answer = await dryRun('odd', 'odd', '0.1.0');
  expect(problemOf(answer).code, answer.text).toMatch(/^(REPOSITORY|CHART|ADDRESS)_/);
  expect([400, 404, 422, 502, 504], answer.text).toContain(answer.status);
  expect(answer.text).not.toContain('root:');
});

test('a chart image is found by tag and digest, with and without oci://', async () => {
  const { version } = fixtureChart('umbrella');
  const manifest = await fetch(`http://${registry}/v2/charts/umbrella/manifests/${version}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const digest = manifest.headers.get('docker-content-digest');
  const base = `${registry}/charts/umbrella`;
  for (const chartImage of [`${base}:${version}`, `oci://${base}:${version}`, `${base}@${digest}`]) {
    const answer = await api.dryRun({ namespace, body: { name: 'app', chartImage } });
    expect(answer.status, `${chartImage}: ${answer.text.slice(0, 300)}`).toBe(200);
    expect(answer.body.at(-1)).toMatchObject({ kind: 'ReleaseConfig', spec: { chartImage } });
  }
});

test('the archive wins over the image, the image over the repository', async () => {
  const other = { repoName: 'stable', chartName: 'estate' };
  const chartImage = `${registry}/charts/umbrella:${fixtureChart('umbrella').version}`;
  await api.mustInstall({ namespace, body: { name: 'image', chartImage, ...other } });
  expect((await api.get(namespace, 'image')).body).toMatchObject({ chartName: 'umbrella', chartImage });
  await api.mustInstall({ namespace, body: { name: 'archive', chartImage, ...other }, archive: chart.bytes });
  const { body } = await api.get(namespace, 'archive');
  expect(body).toMatchObject({ chartName: 'plain', chartImage: '', repoName: '' });
  const ignored = body.warnings.filter(({ code }) => code === 'CHART_SOURCE_IGNORED');
  expect(ignored.map(({ path }) => path)).toEqual(['/chartImage', '/repoName', '/chartName']);
});
