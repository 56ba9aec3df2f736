import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allOf } from '../../../test/harness/all-of.ts';
import { buildChart } from '../../../test/harness/charts/chart-builder.ts';
import { startChartRepository, type ChartRepository } from '../../../test/harness/charts/chart-repository.ts';
import { exampleChart } from '../../../test/harness/charts/charts.ts';
import { MALFORMED_ARCHIVES, truncatedArchives } from '../../../test/harness/charts/malformed-archives.ts';
import { startTestEngine, type TestEngine } from '../../../test/harness/programs/test-engine.ts';
import { createMemorySourceCredentials } from '../../adapters/memory/source-credentials.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createListCharts } from './list-charts.ts';
import { createRepositoryChecks } from './repository-checks.ts';
import type { ChartRepository as KnownRepository } from '../../ports/helm/chart-repositories.ts';
import { createResolveChart } from './resolve-chart.ts';

const login = { username: 'reader', password: 'canary-p4ssword' };
const chart = buildChart('web', { 'templates/x.yaml': '' }, '1.2.0');
let served: ChartRepository;
let started: TestEngine;

beforeAll(async () => {
  started = startTestEngine();
  served = await startChartRepository({ credentials: login });
  served.add(chart);
  served.add(buildChart('web', {}, '1.10.0'), { absolute: true });
});
afterAll(() => Promise.all([started.stop(), served.close()]));

function repositoriesWith(access: typeof login | Record<string, never>): KnownRepository[] {
  const address = parseChartAddress(served.url);
  return address === null ? [] : [{ name: 'stable', url: served.url, address, access, origin: 'configuration' }];
}

function resolve(request: { chartName?: string; chartVersion?: string; chartImage?: string }, access = {}) {
  const credentials = createMemorySourceCredentials();
  const repositories = repositoriesWith({ ...login, ...access });
  const resolveChart = createResolveChart({
    repositories: () => repositories,
    credentials,
    engine: started.engine,
    newerVersions: { seen: () => {} },
  });
  return resolveChart({ namespace: 'shop', request });
}

describe('with the real engine', () => {
  test('a chart comes from a repository by version, newest first', async () => {
    const exact = await resolve({ chartName: 'web', chartVersion: '1.2.0' });
    expect(exact.origin).toEqual({ kind: 'repository', ref: 'stable/web', version: '1.2.0', digest: chart.digest });
    const newest = await resolve({ chartName: 'web' });
    expect(newest.chart.version).toBe('1.10.0');
  });

  test('the charts of a repository are listed', async () => {
    const listCharts = createListCharts({
      repositories: () => repositoriesWith(login),
      engine: started.engine,
      checks: createRepositoryChecks(createManualClock(), { seen: () => {} }),
    });
    const { pages, warnings } = await listCharts('stable', {}, null, new AbortController().signal);
    const items = (await allOf(pages)).flat();
    expect(warnings).toEqual([]);
    expect(items.map(({ chartName, chartVersion }) => `${chartName}-${chartVersion}`)).toEqual([
      'web-1.10.0',
      'web-1.2.0',
    ]);
  });

  test('the engine packs a folder, always to the same bytes', async () => {
    const source = { kind: 'folder', folder: exampleChart('zookeeper') } as const;
    const packed = await started.engine.fetchChart(source);
    expect(packed).toMatchObject({ name: 'zookeeper', reference: source.folder });
    expect(await started.engine.checkChart(packed.digest)).toMatchObject({ version: packed.version });
    expect((await started.engine.fetchChart(source)).digest).toBe(packed.digest);
  });

  test.each([
    [{ chartName: 'nope' }, 'CHART_NOT_FOUND', 'chart nope- is not found: no chart name found'],
    [
      { chartName: 'web', chartVersion: '9.9.9' },
      'CHART_VERSION_NOT_FOUND',
      'chart web-9.9.9 is not found: no chart version found for web-9.9.9',
    ],
    [
      { chartImage: '127.0.0.1:1/a/b:1' },
      'REGISTRY_UNREACHABLE',
      'failed to do request: Head "https://127.0.0.1:1/v2/a/b/manifests/1": there is no registry that can be used',
    ],
    [{ chartImage: '169.254.169.254/a/b:1' }, 'ADDRESS_REFUSED', '169.254.169.254'],
  ])('what cannot be had is named as the original did: %o', async (request, code, text) => {
    const refusal = await resolve(request).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code });
    expect(String(refusal)).toContain(text);
  });

  test('wrong credentials are refused and never quoted', async () => {
    const refusal = await resolve({ chartName: 'web' }, { password: 'wrong-canary' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'REPOSITORY_UNAUTHORIZED' });
    expect(String(refusal)).not.toContain('canary');
  });

  // Faults that only rendering can find are left to the install.
  const loadable = /schema/;
  const unloadable = [...MALFORMED_ARCHIVES, ...truncatedArchives(10)].filter(({ what }) => !loadable.test(what));

  test.each(unloadable.map(({ what, bytes }) => [what, bytes] as const))('%s is refused', async (_what, bytes) => {
    served.add({ ...buildChart('bad', {}), bytes: bytes(), digest: '' });
    const refusal = await resolve({ chartName: 'bad' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ProblemError);
    expect((refusal as ProblemError).code).toMatch(/^(CHART|DOWNLOAD)_/);
    expect(await started.engine.checkChart(chart.digest)).toMatchObject({ name: 'web' });
  });
});
