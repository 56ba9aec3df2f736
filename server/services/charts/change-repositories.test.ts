import { expect, test } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { RepositoryPage } from '../../ports/helm/helm-chart.ts';
import { MAX_REPOSITORIES, type NewRepository } from '../../ports/helm/repository-store.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { createAddRepository } from './add-repository.ts';
import { createCheckRepository } from './check-repository.ts';
import { createKnownRepositories } from './known-repositories.ts';
import { createListRepositories } from './list-repositories.ts';
import { createRemoveRepository } from './remove-repository.ts';
import { createRepositoryChecks } from './repository-checks.ts';

const { signal } = new AbortController();
const page: RepositoryPage = {
  charts: [],
  index: 'i',
  next: null,
  skipped: { entries: [], count: 0 },
  total: 3,
  chartCount: 2,
};

function made({ name, url, access }: NewRepository, origin: ChartRepository['origin'] = 'runtime'): ChartRepository {
  const address = parseChartAddress(url);
  if (address === null) throw new Error(url);
  return { name, url, access, address, origin };
}

/** Repositories in memory; `answer` is what every index says. */
function world(answer: () => Promise<RepositoryPage> = () => Promise.resolve(page), releases: object[] = []) {
  const stored: ChartRepository[] = [];
  const asked: unknown[] = [];
  const store = {
    all: () => [...stored],
    add: async (repository: NewRepository) => {
      const added = made(repository);
      stored.push(added);
      return added;
    },
    remove: async (name: string) => {
      const at = stored.findIndex((repository) => repository.name === name);
      return at >= 0 && stored.splice(at, 1).length === 1;
    },
  };
  const configured = [made({ name: 'stable', url: 'https://charts.example', access: {} }, 'configuration')];
  const repositories = createKnownRepositories(configured, store);
  const checks = createRepositoryChecks(createManualClock(), { seen: () => {} });
  const engine = {
    listRepository: (source: unknown) => {
      asked.push(source);
      return answer();
    },
  };
  const cache = { list: async () => releases as readonly ReleaseRecord[] };
  return {
    stored,
    asked,
    list: createListRepositories(repositories, checks),
    add: createAddRepository({ repositories, store, engine, checks }),
    check: createCheckRepository({ repositories, engine, checks }),
    remove: createRemoveRepository({ configured, store, cache }),
  };
}

const team = { name: 'team', url: 'https://me:pass@charts.example/team', caPem: 'PEM' };
const unreachable = () => Promise.reject(problem('REPOSITORY_UNREACHABLE', 'team cannot be reached'));

test('a repository is added after its index was read, and shown without its credentials', async () => {
  const { add, asked, list, stored } = world();
  const shown = await add(team, { check: true }, null, signal);
  const access = { username: 'me', password: 'pass', caPem: 'PEM' };
  expect(asked).toEqual([{ url: 'https://charts.example/team', ...access }]);
  expect(stored).toMatchObject([{ name: 'team', url: 'https://charts.example/team', access }]);
  expect(shown).toMatchObject({
    repoName: 'team',
    repoUrl: 'https://charts.example/team',
    kind: 'repository',
    origin: 'runtime',
    reachable: true,
    charts: 2,
  });
  expect(list().items.map(({ repoName }) => repoName)).toEqual(['stable', 'team']);
  expect(JSON.stringify([shown, list()])).not.toMatch(/pass|PEM/);
});

test('one whose index cannot be read is not added, unless that is not asked for', async () => {
  const { add, list, stored } = world(unreachable);
  await expect(add(team, { check: true }, null, signal)).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
  expect(stored).toEqual([]);
  await add(team, { check: false }, null, signal);
  expect(list().items.at(-1)).toMatchObject({ repoName: 'team', reachable: null });
});

test('a registry has no index, and is not asked', async () => {
  const { add, asked, check } = world();
  const hub = { name: 'hub', url: 'oci+http://hub.example/charts', token: 't' };
  expect(await add(hub, { check: true }, null, signal)).toMatchObject({ kind: 'registry', reachable: null });
  expect(await check('hub', null, signal)).toMatchObject({ reachable: null });
  expect(asked).toEqual([]);
});

test.each([
  ['name', { ...team, name: 'search' }],
  ['url', { ...team, url: 'ftp://charts.example' }],
  ['url', { ...team, url: 'https://charts.example?sig=secret' }],
  ['token', { ...team, token: 't' }],
])('a wrong %s is refused before anything is asked', async (field, request) => {
  const { add, asked } = world();
  const refused = await add(request, { check: true }, null, signal).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'REPOSITORY_INVALID', details: { field } });
  expect(String(refused)).not.toMatch(/secret|pass/);
  expect(asked).toEqual([]);
});

test('no name is given twice, that of the configuration neither, and their number is bounded', async () => {
  const { add, stored } = world();
  await add(team, { check: false }, null, signal);
  for (const name of ['team', 'stable']) {
    await expect(add({ ...team, name }, { check: false }, null, signal)).rejects.toMatchObject({
      code: 'REPOSITORY_EXISTS',
    });
  }
  for (let at = stored.length; at < MAX_REPOSITORIES; at += 1) {
    await add({ ...team, name: `n${at}` }, { check: false }, null, signal);
  }
  await expect(add({ ...team, name: 'last' }, { check: false }, null, signal)).rejects.toMatchObject({
    code: 'TOO_MANY_REPOSITORIES',
  });
});

test('that an index cannot be read is the answer of a check', async () => {
  const { add, check, list } = world(unreachable);
  await add(team, { check: false }, null, signal);
  const checked = await check('team', null, signal);
  expect(checked).toMatchObject({ reachable: false, message: 'team cannot be reached' });
  expect(list().items).toContainEqual(checked);
  await expect(check('none', null, signal)).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
});

test('another repository of the same name has not been read', async () => {
  const { add, list, remove } = world();
  await add(team, { check: true }, null, signal);
  await remove('team', { ignoreNotFound: false }, null, null);
  await add({ ...team, url: 'https://other.example' }, { check: false }, null, signal);
  expect(list().items.at(-1)).toMatchObject({ repoUrl: 'https://other.example', reachable: null });
});

test('removing one names the releases that one may see, and counts the others', async () => {
  const release = (namespace: string, ref: string, kind = 'repository') => ({
    namespace,
    name: 'web',
    chartName: 'web',
    facts: { source: { kind, ref } },
  });
  const users = [release('a', 'team/web'), release('b', 'team/web')];
  const others = [release('a', 'stable/web'), release('a', 'team/web', 'image'), { ...release('a', ''), facts: null }];
  const { add, remove } = world(undefined, [...users, ...others]);
  await add(team, { check: false }, null, signal);
  const visible = { isEverything: async () => false, sees: async (namespace: string) => namespace === 'a' };
  const { releases, warnings } = await remove('team', { ignoreNotFound: false }, null, visible);
  expect(releases).toBe(2);
  expect(warnings).toMatchObject([
    { code: 'REPOSITORY_IN_USE', message: expect.stringContaining('a/web') },
    { code: 'REPOSITORY_IN_USE', count: 1 },
  ]);
  expect(JSON.stringify(warnings)).not.toContain('b/web');
});

test('one of the configuration, or that is not there, is not removed', async () => {
  const { remove } = world();
  await expect(remove('stable', { ignoreNotFound: false }, null, null)).rejects.toMatchObject({
    code: 'REPOSITORY_READ_ONLY',
  });
  await expect(remove('none', { ignoreNotFound: false }, null, null)).rejects.toMatchObject({
    code: 'REPOSITORY_NOT_FOUND',
  });
  expect(await remove('none', { ignoreNotFound: true }, null, null)).toMatchObject({ releases: 0, warnings: [] });
});
