import { expect, test } from 'vitest';
import { createMemoryReleaseCache } from '../../adapters/memory/release-cache.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartDetails } from '../../ports/helm/helm-chart.ts';
import { createShowChart, type ChartPlace, type Viewer } from './show-chart.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const details: ChartDetails = {
  digest: 'd1',
  name: 'web',
  version: '1.2.0',
  appVersion: '7',
  description: 'A chart',
  metadata: {
    name: 'web',
    version: '1.2.0',
    description: 'A chart',
    appVersion: '7',
    home: 'javascript:alert(1)',
    icon: 'https://charts.example/icon.png',
    sources: ['http://a.example/', 'file:///etc/passwd', 7],
    dependencies: [{ name: 'cache', version: '1.x' }],
  },
  values: { b: '<&>', a: 1 },
  valuesText: '# how many\na: 1\nb: "<&>"\n',
  schemas: [
    { path: ['cache'], schema: { type: 'string' } },
    { path: [], schema: { type: 'object' } },
  ],
  readme: '# web',
  license: '',
  metaFiles: { 'icon.svg': bytes('<svg/>'), 'metainfo.yaml': bytes('friendlyName: Web') },
  crds: [],
  engine: 'helm',
  templates: [],
  bundledDependencies: ['cache'],
  readWords: null,
  notInstallable: '',
};
const place: ChartPlace = { namespace: null, repoName: 'stable', chartName: 'web', chartVersion: '~1' };
const viewer: Viewer = { caller: null, visible: null, signal: new AbortController().signal, requestId: 'r' };

function showing(given: Partial<ChartDetails> = {}, failure?: Error) {
  return createShowChart({
    cache: createMemoryReleaseCache(),
    memoryUnit: 'Gi',
    folder: { read: async () => bytes('archive') },
    engine: { inspectChart: async () => ({ ...details, ...given }) },
    resolveChart: async () => {
      if (failure !== undefined) throw failure;
      const chart = { digest: 'd1', bytes: 10, name: 'web', version: '1.2.0' };
      const origin = { kind: 'repository' as const, ref: 'stable/web', version: '1.2.0', digest: 'd1' };
      return { chart, origin, created: '2026-01-02T03:04:05Z' };
    },
  });
}

test('a chart is shown with everything that it says, and links that a browser may follow', async () => {
  const { body, etag, warnings } = await showing().detail(place, viewer);
  expect(body).toMatchObject({
    chartName: 'web',
    chartVersion: '1.2.0',
    chartEngine: 'transwarp',
    defaultValue: String.raw`{"a":1,"b":"\u003c\u0026\u003e"}`,
    metaInfo: { friendlyName: 'Web' },
    valuesText: details.valuesText,
    values: details.values,
    schema: { type: 'object' },
    home: '',
    icon: 'https://charts.example/icon.png',
    sources: ['http://a.example/'],
    dependencies: [{ name: 'cache', version: '1.x', alias: '', bundled: true }],
    created: '2026-01-02T03:04:05Z',
    digest: 'd1',
    bytes: 10,
    hasIcon: true,
    hasAdvantage: false,
    type: 'application',
    deprecated: false,
    installed: [],
    leftOut: [],
  });
  expect(JSON.parse(body.defaultValue)).toEqual(details.values);
  expect(etag).toMatch(/^"d1-[0-9a-f]{16}"$/);
  expect(warnings).toEqual([]);
});

test('what is too large for an answer is cut or left out, and named', async () => {
  const wide = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, i]));
  const { body } = await showing({
    readme: 'x'.repeat(5 * 1024 * 1024),
    values: wide,
    schemas: [{ path: [], schema: wide }],
    metadata: { name: 'web', keywords: Array.from({ length: 5_000 }, () => 'y'.repeat(9_000)) },
  }).detail(place, viewer);
  expect(body.leftOut.toSorted()).toEqual(['keywords', 'readme', 'schema', 'values']);
  expect([body.values, body.defaultValue, body.schema]).toEqual([{}, '', null]);
  expect(JSON.stringify(body).length).toBeLessThan(2 * 1024 * 1024);
});

test.each([
  [place, 'Chart web-~1 is not found in repo stable'],
  [{ namespace: null, chartImage: 'r.example/web:1' }, 'Chart r.example/web:1 is not found'],
] as const)('what is not there is told in the words of the original', async (where, message) => {
  const failure = problem('CHART_VERSION_NOT_FOUND', 'chart web-~1 is not found: no chart version found');
  await expect(showing({}, failure).detail(where, viewer)).rejects.toMatchObject({
    code: 'CHART_VERSION_NOT_FOUND',
    message,
    details: { reason: failure.message },
  });
});

test('pages are files of the chart, and nothing else', async () => {
  expect(await showing().page(place, 'icon', viewer)).toMatchObject({ etag: '"d1-icon"', body: bytes('<svg/>') });
  expect(await showing().page(place, 'advantage', viewer)).toMatchObject({ body: null });
});

test.each([
  ['README.md', '# web'],
  ['transwarp-meta/icon.svg', '<svg/>'],
  ['LICENSE', null],
  ['values.yaml', null],
  ['templates/x.yaml', null],
  ['transwarp-meta/../Chart.yaml', null],
  ['transwarp-meta/', null],
  ['../../etc/passwd', null],
  ['constructor', null],
  ['transwarp-meta/__proto__', null],
])('of the files of a chart only those that describe it are shown: %s', async (path, text) => {
  const { body } = await showing().file(place, path, viewer);
  expect(body === null ? null : new TextDecoder().decode(body)).toBe(text);
});

test('an archive is sent as it is, under the name that Helm gives it', async () => {
  expect(await showing().archive(place, viewer)).toMatchObject({
    etag: '"d1"',
    body: { bytes: bytes('archive'), fileName: 'web-1.2.0.tgz' },
  });
});

test('an archive that was sent is shown without a source', async () => {
  const chart = { digest: 'd1', bytes: 10, name: 'web', version: '1.2.0' };
  expect((await showing().uploaded(chart, viewer)).body).toMatchObject({
    chartName: 'web',
    repoName: '',
    created: null,
  });
});
