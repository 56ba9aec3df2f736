import { describe, expect, test } from 'vitest';
import { allOf } from '../../../test/harness/all-of.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemorySourceCredentials } from '../../adapters/memory/source-credentials.ts';
import { parseChartAddress, type ChartAddress } from '../../domain/charts/chart-address.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { ChartSource, IndexPart } from '../../ports/helm/helm-chart.ts';
import type { SourceCredential } from '../../ports/helm/source-credentials.ts';
import { createListCharts } from './list-charts.ts';
import { createListRepositories } from './list-repositories.ts';
import { createRepositoryChecks } from './repository-checks.ts';
import { createResolveChart, type ChartWanted } from './resolve-chart.ts';

function addressOf(url: string): ChartAddress {
  const address = parseChartAddress(url);
  if (address === null) {
    throw new Error(`not an address: ${url}`);
  }
  return address;
}

function repository(name: string, url: string, access: ChartRepository['access'] = {}): ChartRepository {
  return { name, url, address: addressOf(url), access, origin: 'configuration' };
}

const repositories = [
  repository('stable', 'http://127.0.0.1:8879/', { username: 'walm', password: 'configured' }),
  repository('local', 'oci+http://127.0.0.1:5000/charts', { username: 'pull', password: 'configured' }),
];

/** A fake engine that records what it is asked to fetch. */
function fakeEngine() {
  const asked: ChartSource[] = [];
  return {
    asked,
    fetchChart: (source: ChartSource) => {
      asked.push(source);
      const reference = source.kind === 'oci' ? source.reference : source.kind;
      return Promise.resolve({ digest: 'fetched', bytes: 1, name: 'web', version: '5.2.0', reference, created: '' });
    },
  };
}

async function resolve(wanted: Partial<ChartWanted>, kept: SourceCredential[] = []) {
  const engine = fakeEngine();
  const credentials = createMemorySourceCredentials({ shop: kept });
  const resolveChart = createResolveChart({
    repositories: () => repositories,
    credentials,
    engine,
    newerVersions: { seen: () => {} },
  });
  const { origin } = await resolveChart({ namespace: 'shop', request: {}, ...wanted });
  return { origin, source: engine.asked[0] };
}

const everything = { chartImage: 'registry.example.com/web:6.0.0', chartName: 'web', chartVersion: '5.2.0' };

describe('resolving a chart', () => {
  test('takes the archive, else the image, else the repository, whatever else the body says', async () => {
    const archive = { digest: 'sent', bytes: 1, name: 'web', version: '6.1.0', fileName: 'web-6.1.0.tgz' };
    const sent = await resolve({ request: everything, archive });
    expect(sent).toEqual({
      origin: { kind: 'archive', ref: 'web-6.1.0.tgz', version: '6.1.0', digest: 'sent' },
      source: undefined,
    });
    const image = await resolve({ request: everything });
    expect(image.origin).toMatchObject({ kind: 'image', ref: 'registry.example.com/web:6.0.0' });
    const named = await resolve({ request: { ...everything, chartImage: '' } });
    expect(named.origin).toMatchObject({ kind: 'repository', ref: 'stable/web', digest: 'fetched' });
    expect(named.source).toMatchObject({ kind: 'repository', url: 'http://127.0.0.1:8879/', version: '5.2.0' });
  });

  test('says what is missing in the words of the original', async () => {
    await expect(resolve({ request: {} })).rejects.toMatchObject({
      code: 'CHART_MISSING',
      message: 'at lease one of chart name or chart image or chart files should be supported',
    });
    await expect(resolve({ request: { chartName: 'web', repoName: 'nope' } })).rejects.toMatchObject({
      code: 'REPOSITORY_NOT_FOUND',
      message: 'can not find repo name: nope',
    });
    await expect(resolve({ request: { chartImage: 'http://' } })).rejects.toMatchObject({
      code: 'CHART_REFERENCE_INVALID',
    });
  });

  test('uses what the configuration says of a repository and of a registry', async () => {
    const { source } = await resolve({ request: { chartName: 'web' } });
    expect(source).toMatchObject({ username: 'walm', password: 'configured', version: '' });
    const image = await resolve({ request: { chartImage: '127.0.0.1:5000/charts/web:1.0.0' } });
    expect(image.source).toMatchObject({ username: 'pull', plainHttp: true });
    const beside = await resolve({ request: { chartImage: '127.0.0.1:5000/other/web:1.0.0' } });
    expect(beside.source).toEqual({ kind: 'oci', reference: '127.0.0.1:5000/other/web:1.0.0', plainHttp: false });
  });

  test("prefers the namespace's own credential, the closest one", async () => {
    const own = (url: string, username: string): SourceCredential => ({
      address: addressOf(url),
      access: { username },
    });
    const kept = [
      own('oci://registry.example.com', 'all'),
      own('oci://registry.example.com/team', 'team'),
      own('http://127.0.0.1:8879', 'shop'),
    ];
    const team = await resolve({ request: { chartImage: 'registry.example.com/team/web:1' } }, kept);
    expect(team.source).toMatchObject({ username: 'team' });
    const all = await resolve({ request: { chartImage: 'oci://registry.example.com/web:1' } }, kept);
    expect(all.source).toMatchObject({ username: 'all' });
    const named = await resolve({ request: { chartName: 'web' } }, kept);
    expect(named.source).toMatchObject({ username: 'shop' });
    expect(named.source).not.toHaveProperty('password');
    const elsewhere = await resolve(
      { namespace: 'other', request: { chartImage: 'registry.example.com/web:1' } },
      kept,
    );
    expect(elsewhere.source).not.toHaveProperty('username');
  });

  test('never sends over plain http what was given for https', async () => {
    const kept = [{ address: addressOf('oci://registry.example.com'), access: { username: 'me', password: 'secret' } }];
    const { source } = await resolve({ request: { chartImage: 'oci+http://registry.example.com/web:1' } }, kept);
    expect(source).toEqual({ kind: 'oci', reference: 'oci+http://registry.example.com/web:1', plainHttp: true });
  });
});

describe('listing', () => {
  const checks = createRepositoryChecks(createManualClock(), { seen: () => {} });

  test('repositories shows names and addresses only', () => {
    const unseen = { origin: 'configuration', reachable: null, checkedAt: null, message: '', charts: null };
    const registry = { kind: 'registry', isDefault: false };
    expect(createListRepositories(() => repositories, checks)()).toEqual({
      items: [
        { repoName: 'stable', repoUrl: 'http://127.0.0.1:8879/', kind: 'repository', isDefault: true, ...unseen },
        { repoName: 'local', repoUrl: 'oci+http://127.0.0.1:5000/charts', ...registry, ...unseen },
      ],
    });
  });

  test('charts gives every version in the shape of the original', async () => {
    const version = {
      appVersion: '7',
      description: 'd',
      created: '',
      digest: '',
      deprecated: false,
      icon: '',
      keywords: '',
    };
    const versions = [
      { ...version, version: '2.0.0' },
      { ...version, version: '1.0.0' },
    ];
    const asked: IndexPart[] = [];
    const listRepository = (_: unknown, part: IndexPart) => {
      asked.push(part);
      const first = part.from === undefined;
      const charts = [{ name: 'web', versions: first ? versions.slice(0, 1) : versions.slice(1) }];
      const skipped = {
        entries: [
          { chart: 'web', version: 'latest', reason: 'its version is not a semantic version' },
          { chart: 'other', version: '', reason: 'it is empty' },
        ],
        count: 5,
      };
      const next = first ? { chart: 'web', versions: 1 } : null;
      return Promise.resolve({ charts, index: 'i', next, skipped, total: 2, chartCount: 1 });
    };
    const list = createListCharts({ repositories: () => repositories, checks, engine: { listRepository } });
    const { pages, warnings } = await list('stable', { chart: 'web' }, null, new AbortController().signal);
    const items = (await allOf(pages)).flat();
    expect(warnings.map(({ message }) => message)).toEqual([
      'the entry web latest of the index of repository stable is left out: its version is not a semantic version',
      '3 more entries of the index of repository stable are left out',
    ]);
    expect(asked).toEqual([{ chart: 'web' }, { chart: 'web', from: { chart: 'web', versions: 1 }, index: 'i' }]);
    expect(items.map(({ chartVersion }) => chartVersion)).toEqual(['2.0.0', '1.0.0']);
    expect(items[0]).toEqual({
      chartName: 'web',
      chartVersion: '2.0.0',
      chartDescription: 'd',
      chartAppVersion: '7',
      chartEngine: 'transwarp',
      defaultValue: '',
      metaInfo: null,
      created: null,
      digest: '',
      deprecated: false,
      icon: '',
    });
  });

  test('charts of a repository that is not configured is refused', async () => {
    const engine = {
      listRepository: () =>
        Promise.resolve({
          charts: [],
          index: '',
          next: null,
          skipped: { entries: [], count: 0 },
          total: 0,
          chartCount: 0,
        }),
    };
    await expect(
      createListCharts({ repositories: () => repositories, checks, engine })(
        'nope',
        {},
        null,
        new AbortController().signal,
      ),
    ).rejects.toMatchObject({
      code: 'REPOSITORY_NOT_FOUND',
      message: "can't find repo name nope",
      status: 404,
    });
  });
});
