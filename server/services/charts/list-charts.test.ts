import { expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { IndexPart, RepositoryPage, RepositorySource } from '../../ports/helm/helm-chart.ts';
import { type ChartFilter, createListCharts } from './list-charts.ts';
import { createListRepositories } from './list-repositories.ts';
import { createRepositoryChecks } from './repository-checks.ts';
import { createSearchCharts } from './search-charts.ts';

const repository = (name: string, url = `https://${name}.example`): ChartRepository => ({
  name,
  url,
  address: parseChartAddress(url)!,
  access: {},
  origin: 'configuration',
});
const version = (text: string) => ({
  version: text,
  appVersion: '',
  description: '',
  created: '',
  digest: '',
  deprecated: false,
  icon: '',
  keywords: '',
});
const page = (charts: Record<string, string[]>, more: Partial<RepositoryPage> = {}): RepositoryPage => ({
  charts: Object.entries(charts).map(([name, versions]) => ({ name, versions: versions.map(version) })),
  index: 'i',
  next: null,
  skipped: { entries: [], count: 0 },
  total: Object.values(charts).flat().length,
  chartCount: Object.keys(charts).length,
  ...more,
});
const signal = new AbortController().signal;
const clock = createManualClock();

/** Repositories whose answers are given; `asked` has what was asked of them. */
function world(answers: Record<string, (part: IndexPart) => RepositoryPage | Promise<RepositoryPage>>) {
  const repositories = Object.keys(answers).map((name) => repository(name));
  const registry = repository('reg', 'oci://reg.example/charts');
  const asked: [string, IndexPart][] = [];
  const engine = {
    listRepository: async ({ url }: RepositorySource, part: IndexPart) => {
      const name = new URL(url).hostname.replace('.example', '');
      asked.push([name, part]);
      return answers[name]!(part);
    },
  };
  const checks = createRepositoryChecks(clock, { seen: () => {} });
  return {
    asked,
    list: createListCharts({ repositories: () => repositories, engine, checks }),
    search: createSearchCharts({ repositories: () => repositories, engine, checks, clock }),
    repositories: createListRepositories(() => [...repositories, registry], checks),
  };
}

async function listed(list: ReturnType<typeof createListCharts>, filter: ChartFilter) {
  const { pages } = await list('stable', filter, null, signal);
  const names: string[] = [];
  for (;;) {
    const next = await pages.next();
    if (next.done === true) return { names, end: next.value };
    names.push(...next.value.map(({ chartName, chartVersion }) => `${chartName}-${chartVersion}`));
  }
}

test('a list goes on where its last page ended, with the same filters only', async () => {
  const { list, asked } = world({
    stable: ({ from }) =>
      from === undefined
        ? page({ web: ['2', '1'] }, { next: { chart: 'web', versions: 2 }, total: 3 })
        : page({ zoo: ['1'] }, { total: 3 }),
  });
  const first = await listed(list, { text: 'w', limit: 2 });
  expect(first).toEqual({
    names: ['web-2', 'web-1'],
    end: { num: 2, total: 3, continue: expect.any(String) as string },
  });
  const token = first.end.continue ?? '';
  expect(await listed(list, { text: 'w', limit: 2, continue: token })).toEqual({
    names: ['zoo-1'],
    end: { num: 1, total: 3 },
  });
  expect(asked[1]?.[1]).toMatchObject({ query: 'w', from: { chart: 'web', versions: 2 } });
  await expect(listed(list, { text: 'other', continue: token })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  expect((await listed(list, {})).names).toEqual(['web-2', 'web-1', 'zoo-1']);
});

test('versions of a chart that the repository does not have are not found', async () => {
  const { list } = world({ stable: () => page({}) });
  await expect(listed(list, { chart: 'none', mustExist: true })).rejects.toMatchObject({ code: 'CHART_NOT_FOUND' });
  expect((await listed(list, { chart: 'none' })).names).toEqual([]);
});

test('a search ranks the charts of all repositories, and names those that are dead or slow', async () => {
  const { search, repositories, asked } = world({
    a: () => page({ 'my-kafka': ['1'], zoo: ['1'] }),
    b: () => page({ kafka: ['2'] }),
    dead: () => {
      throw problem('REPOSITORY_UNREACHABLE', 'refused');
    },
    slow: () => new Promise<RepositoryPage>(() => {}),
  });
  const searching = search({ text: 'Kafka', limit: 2 }, null, signal);
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(3_000);
  const found = await searching;
  expect(found.items.map(({ repoName, chartName }) => [repoName, chartName])).toEqual([
    ['b', 'kafka'],
    ['a', 'my-kafka'],
  ]);
  expect([found.num, found.total]).toEqual([2, 3]);
  expect(found.unreachable.map(({ repoName, code }) => [repoName, code])).toEqual([
    ['dead', 'REPOSITORY_UNREACHABLE'],
    ['slow', 'REPOSITORY_UNREACHABLE'],
  ]);
  expect(repositories().items.map(({ repoName, kind, reachable }) => [repoName, kind, reachable])).toEqual([
    ['a', 'repository', true],
    ['b', 'repository', true],
    ['dead', 'repository', false],
    ['slow', 'repository', null],
    ['reg', 'registry', null],
  ]);
  // A slow index is read on, and only once.
  const again = search({ text: 'x', limit: 2 }, null, signal);
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(3_000);
  await again;
  expect(asked.filter(([name]) => name === 'slow')).toHaveLength(1);
});

test('where no repository answers, the search fails', async () => {
  const { search } = world({
    dead: () => {
      throw problem('REPOSITORY_INDEX_INVALID', 'it is not an index');
    },
  });
  await expect(search({ text: '', limit: 5 }, null, signal)).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
  expect(await world({}).search({ text: '', limit: 5 }, null, signal)).toMatchObject({ items: [], unreachable: [] });
});
