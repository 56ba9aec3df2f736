import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { ChartDetail } from '../../contract/schemas/charts/chart-detail.ts';
import { buildChart, fixtureChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { type ApiAnswer, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';
import { PRIVATE_LOGIN } from '../harness/programs/surroundings.ts';

const { server, ownRepositories, registry } = inject('surroundings');
const api = createWalmApi(server);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
const VALUES = '# how many\nreplicas: 1 # at least one\n';
const files = {
  'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
  'values.yaml': VALUES,
  'README.md': '# shown\n',
  'values.schema.json': '{"type":"object"}',
  'transwarp-meta/icon.svg': SVG,
  'transwarp-meta/advantage.html': '<p>good</p>',
  'transwarp-meta/metainfo.yaml': 'friendlyName: Shown\nparams: [{name: n, mapKey: replicas, defaultValue: 7}]\n',
};
let login: ChartRepository;

beforeAll(async () => {
  login = await startChartRepository({ ...ownRepositories.private, credentials: PRIVATE_LOGIN });
  for (const version of ['1.0.0', '1.4.0', '2.0.0']) login.add(buildChart('shown', files, version));
});
afterAll(() => login.close());

function upload(archive: Buffer): FormData {
  const form = new FormData();
  form.set('chart', new Blob([new Uint8Array(archive)]), 'chart.tgz');
  return form;
}

const show = (path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  api.send('GET', `/api/v1/chart/${path}`, { query, headers }) as Promise<ApiAnswer<ChartDetail>>;

test('a chart of a repository with login is shown as it would be installed', async () => {
  const { status, body, headers, text } = await show('private/chart/shown', { 'chart-version': '~1' });
  expect(status, text).toBe(200);
  expect(body).toMatchObject({
    chartName: 'shown',
    chartVersion: '1.4.0',
    repoName: 'private',
    values: { replicas: 1 },
    defaultValue: '{"replicas":1}',
    valuesText: VALUES,
    readme: '# shown\n',
    schema: { type: 'object' },
    metaInfo: { friendlyName: 'Shown', params: [{ name: 'n', defaultValue: '1' }] },
    hasIcon: true,
    hasArchitecture: false,
    leftOut: [],
  });
  expect(text).not.toContain(PRIVATE_LOGIN.password);
  expect((await show('private/chart/shown')).body.chartVersion).toBe('2.0.0');
  const etag = headers.get('etag') ?? '';
  expect((await show('private/chart/shown', { 'chart-version': '1.4.0' }, { 'if-none-match': etag })).status).toBe(304);
});

test('an image is shown by its tag', async () => {
  const { version } = fixtureChart('umbrella');
  const { status, body, text } = await show('image', { 'chart-image': `${registry}/charts/umbrella:${version}` });
  expect(status, text).toBe(200);
  expect(body).toMatchObject({ chartName: 'umbrella', chartVersion: version, repoName: '' });
  expect(body.dependencies.length).toBeGreaterThan(0);
  const unknown = await show('image', { 'chart-image': `${registry}/charts/nothing:1.0.0` });
  expect([unknown.status, problemOf(unknown).errMessage]).toEqual([
    404,
    `Chart ${registry}/charts/nothing:1.0.0 is not found`,
  ]);
});

test('what is not there is said in the words of the original', async () => {
  const chart = await show('private/chart/nope');
  expect([chart.status, problemOf(chart).errMessage]).toEqual([404, 'Chart nope- is not found in repo private']);
  const version = await show('private/chart/shown', { 'chart-version': '9' });
  expect([version.status, problemOf(version).code]).toEqual([404, 'CHART_VERSION_NOT_FOUND']);
  const repository = await show('nowhere/chart/shown');
  expect([repository.status, problemOf(repository).code]).toEqual([404, 'REPOSITORY_NOT_FOUND']);
});

test('icon and pages are JSON strings, or what they are and harmless', async () => {
  const text = await show('private/chart/shown/icon');
  expect([text.status, text.body]).toEqual([200, SVG]);
  const picture = await show('private/chart/shown/icon', {}, { accept: 'image/svg+xml' });
  expect([picture.status, picture.text]).toEqual([200, SVG]);
  expect(picture.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
  expect(picture.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
  const tag = { accept: 'image/svg+xml', 'if-none-match': picture.headers.get('etag') ?? '' };
  expect((await show('private/chart/shown/icon', {}, tag)).status).toBe(304);
  expect((await show('private/chart/shown/advantage')).body).toBe('<p>good</p>');
  expect((await show('private/chart/shown/architecture')).body).toBe('');
  const page = await show('private/chart/shown/architecture', {}, { accept: 'text/html' });
  expect([page.status, problemOf(page).code]).toEqual([404, 'CHART_FILE_NOT_FOUND']);
});

test('versions are listed in pages, and found by searching all repositories', async () => {
  const names = (answer: ApiAnswer): string[] =>
    (answer.body as { items: { chartVersion: string }[] }).items.map(({ chartVersion }) => chartVersion);
  const first = await show('private/chart/shown/versions', { limit: '2' });
  expect([first.status, names(first)]).toEqual([200, ['2.0.0', '1.4.0']]);
  expect(first.body).toMatchObject({ num: 2, total: 3 });
  const { continue: token } = first.body as unknown as { continue: string };
  const rest = await show('private/chart/shown/versions', { limit: '2', continue: token });
  expect([names(rest), rest.body]).toEqual([['1.0.0'], expect.objectContaining({ num: 1, total: 3 })]);
  expect((await show('private/chart/nope/versions')).status).toBe(404);
  expect(names(await show('private/list', { versions: 'latest', q: 'SHOWN' }))).toEqual(['2.0.0']);
  const found = await show('search', { q: 'shown' });
  expect(found.status, found.text).toBe(200);
  const { items, unreachable } = found.body as unknown as {
    items: { repoName: string; chartName: string }[];
    unreachable: { repoName: string }[];
  };
  expect(items[0]).toMatchObject({ repoName: 'private', chartName: 'shown', chartVersion: '2.0.0' });
  // This one is not served.
  expect(unreachable.map(({ repoName }) => repoName)).toContain('qa');
  expect(found.text).not.toContain(PRIVATE_LOGIN.password);
});

test('an archive is what was published, and shows the same when it is sent', async () => {
  const published = buildChart('shown', files, '2.0.0');
  const answer = await fetch(`${server}/api/v1/chart/private/chart/shown/archive`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(published.bytes)).toBe(true);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="shown-2.0.0.tgz"');
  const sent = await api.send('POST', '/api/v1/chart/inspect', { body: upload(published.bytes) });
  expect(sent.status, sent.text).toBe(200);
  expect(sent.body).toMatchObject({ chartName: 'shown', digest: published.digest, repoName: '', valuesText: VALUES });
  const broken = await api.send('POST', '/api/v1/chart/inspect', { body: upload(Buffer.from('no archive')) });
  expect([broken.status, problemOf(broken).code]).toEqual([422, 'CHART_ARCHIVE_INVALID']);
});

test('files that describe a chart are plain text, and no other file is shown', async () => {
  const file = (path: string) => show('private/chart/shown/file', { path });
  expect((await file('README.md')).text).toBe('# shown\n');
  const page = await file('transwarp-meta/advantage.html');
  expect([page.text, page.headers.get('content-type')]).toEqual(['<p>good</p>', 'text/plain; charset=utf-8']);
  for (const path of ['values.yaml', 'templates/x.yaml', 'transwarp-meta/../values.yaml', '/etc/passwd', 'LICENSE']) {
    expect([path, problemOf(await file(path)).code]).toEqual([path, 'CHART_FILE_NOT_FOUND']);
  }
});

const lint = (archive: Buffer) => api.send('POST', '/api/v1/chart/lint', { body: upload(archive) });

test('the faults of an archive are told, whatever it is', async () => {
  const sound = await lint(buildChart('sound', files).bytes);
  expect([sound.status, sound.body], sound.text).toEqual([200, { ok: true, problems: [] }]);
  const broken = await lint(Buffer.from('no archive'));
  expect([broken.status, broken.body]).toMatchObject([
    200,
    { ok: false, problems: [{ code: 'CHART_ARCHIVE_INVALID' }] },
  ]);
  expect((await api.send('POST', '/api/v1/chart/lint', { body: new FormData() })).status).toBe(400);
});

test('a chart is rendered with each values file of ci, without the cluster', async () => {
  const chart = buildChart('tried', {
    ...files,
    'values.schema.json': '{"properties":{"replicas":{"type":"integer"}}}',
    'templates/x.yaml':
      '{{ if lookup "v1" "Namespace" "" "default" }}{{ fail "found" }}{{ end }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ required "a name is needed" .Values.name }}}\n',
    'ci/good-values.yaml': 'name: x\n',
    'ci/many-values.yaml': 'name: x\nreplicas: many\n',
    'ci/no-values.yaml': 'name: [\n',
    'transwarp-meta/metainfo.yaml':
      'friendlyName: Shown\nparams: [{name: n, mapKey: replicas, type: string, odd: 1}]\n',
  });
  const { status, body, text } = await lint(chart.bytes);
  expect(status, text).toBe(200);
  expect(body).toMatchObject({ ok: false });
  const { problems } = body as { problems: { severity: string; file: string; code: string; line: number | null }[] };
  expect(problems.map(({ severity, file, code }) => `${severity} ${code} ${file}`)).toEqual([
    'error METAINFO_VALUE_TYPE transwarp-meta/metainfo.yaml',
    'error VALUES_SCHEMA_INVALID ci/many-values.yaml',
    'error VALUES_INVALID ci/no-values.yaml',
    'warning METAINFO_FIELD_UNKNOWN transwarp-meta/metainfo.yaml',
    'warning TEMPLATE_FAILED templates/x.yaml',
  ]);
});
