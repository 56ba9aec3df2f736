import { beforeEach, expect, test } from 'vitest';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage } from '../../../test/harness/fakes/release-stage.ts';
import { createGetDependencies } from './get-dependencies.ts';

let stage: ReleaseStage;

beforeEach(async () => {
  stage = createReleaseStage();
  const needs = (dependencies: Record<string, string>) => ({ releaseConfig: releaseConfig({ dependencies }) });
  await stage.release({ namespace: 'data', name: 'db' });
  await stage.release({ namespace: 'shop', name: 'web', ...needs({ store: 'data/db', gone: 'cache' }) });
  await stage.release({ namespace: 'blog', name: 'pages', ...needs({ store: 'data/db' }) });
});

function graph(namespace: string, seen: string[] | null = null) {
  const getDependencies = createGetDependencies({
    cache: stage.cache,
    clock: stage.clock,
    describeDependencies: async ({ namespace: at, name }) =>
      name === 'web'
        ? [
            { key: 'store', provider: 'data/db', state: 'Current', outputs: [], revision: 1 } as never,
            { key: 'gone', provider: `${at}/cache`, state: 'ProviderGone', outputs: [] } as never,
          ]
        : [{ key: 'store', provider: 'data/db', state: 'Outdated', outputs: [] } as never],
  });
  const visible = seen && {
    isEverything: () => Promise.resolve(false),
    sees: (name: string) => Promise.resolve(seen.includes(name)),
  };
  return getDependencies(namespace, visible);
}

const links = ({ edges }: Awaited<ReturnType<typeof graph>>) =>
  edges.map(({ from, to, key, state }) => `${from} -${key}> ${to} ${state}`);

test('who depends on whom, with what became of each, and providers that are not there', async () => {
  const all = await graph('');
  expect(links(all).toSorted()).toEqual([
    'blog/pages -store> data/db Outdated',
    'shop/web -gone> shop/cache ProviderGone',
    'shop/web -store> data/db Current',
  ]);
  expect(all.nodes.map(({ namespace, name, exists }) => `${namespace}/${name} ${exists}`)).toEqual([
    'blog/pages true',
    'data/db true',
    'shop/cache false',
    'shop/web true',
  ]);
  expect(all.hidden).toBe(0);
});

test('of one namespace only what begins or ends there', async () => {
  expect(links(await graph('blog'))).toEqual(['blog/pages -store> data/db Outdated']);
  expect(links(await graph('data'))).toHaveLength(2);
});

test('what one may list at one end alone is counted, and what one may list at neither is not', async () => {
  const mine = await graph('', ['shop']);
  expect(links(mine)).toEqual(['shop/web -gone> shop/cache ProviderGone']);
  expect(mine.hidden).toBe(1);
  expect(JSON.stringify(mine)).not.toMatch(/data|pages/);
});

test('of forged records with tens of thousands as many as an answer has, the others counted, and those of others too', async () => {
  const forged = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, `own/p${i}`]));
  for (let i = 0; i < 12; i += 1) {
    await stage.release({ namespace: 'own', name: `p${i}`, releaseConfig: releaseConfig({ dependencies: forged }) });
  }
  let [described, long] = [0, 0];
  const providers = new Set<unknown>();
  const getDependencies = createGetDependencies({
    cache: stage.cache,
    clock: stage.clock,
    describeDependencies: async (_record, shared) => {
      described += 1;
      providers.add(shared);
      return [];
    },
  });
  const whenLong = async (): Promise<void> => void (long += 1);
  const all = await getDependencies('', null, whenLong);
  expect(all.edges.filter(({ from }) => from.startsWith('own/'))).toHaveLength(5_000);
  expect(all.edges.filter(({ from }) => !from.startsWith('own/'))).toHaveLength(3);
  expect(all.more).toBe(12 * 900 - 5_000);
  // Only what is shown is described, and each provider is read once for all.
  expect([described, long, providers.size]).toEqual([8, 1, 1]);
  const own = await getDependencies('own', null, whenLong);
  expect([own.edges.length, own.more]).toEqual([10_000, 800]);
});

test('forged records that name thousands of namespaces cost few questions, and their names are not shown', async () => {
  const forged = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, `no${i}/x`]));
  await stage.release({ namespace: 'shop', name: 'forged', releaseConfig: releaseConfig({ dependencies: forged }) });
  let questions = 0;
  const getDependencies = createGetDependencies({
    cache: stage.cache,
    clock: stage.clock,
    describeDependencies: () => Promise.resolve([]),
  });
  const { edges, hidden } = await getDependencies('', {
    isEverything: () => Promise.resolve(false),
    async sees(name) {
      questions += 1;
      return ['shop', 'data'].includes(name) || name.startsWith('no');
    },
  });
  expect(questions).toBeLessThanOrEqual(203);
  expect([edges.length, hidden]).toEqual([202, 701]);
});
