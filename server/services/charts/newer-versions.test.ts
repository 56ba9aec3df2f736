import { expect, test } from 'vitest';
import { parseChartAddress } from '../../domain/charts/chart-address.ts';
import type { ChartRepository } from '../../ports/helm/chart-repositories.ts';
import type { IndexPart, RepositoryPage } from '../../ports/helm/helm-chart.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { createNewerVersions } from './newer-versions.ts';

function repository(name: string, url = `https://${name}.example`): ChartRepository {
  const address = parseChartAddress(url);
  if (address === null) throw new Error(url);
  return { name, url, address, access: { username: name }, origin: 'configuration' };
}

const entry = { appVersion: '', description: '', created: '', digest: '', deprecated: false, icon: '', keywords: '' };

function record(ref: string, chartVersion: string, kind: 'repository' | 'image' | 'archive' = 'repository') {
  return { chartVersion, facts: { source: { kind, ref, version: chartVersion, digest: 'd' } } } as ReleaseRecord;
}

/** `answer` is what the engine has in memory. */
function world(releases: readonly ReleaseRecord[], answer: Record<string, string>) {
  const all = [repository('stable'), repository('hub', 'oci://hub.example/charts')];
  const asked: [object, IndexPart][] = [];
  const state = { fails: false, cluster: 'v1.30.0' as string | null };
  const newer = createNewerVersions({
    repositories: () => all,
    cache: { list: async () => releases },
    engine: {
      info: () => ({ kubernetesVersion: state.cluster }) as never,
      async listRepository(source, part = {}): Promise<RepositoryPage> {
        asked.push([source, part]);
        if (state.fails) throw new Error('gone');
        const [first, ...rest] = (part.names ?? []).filter((name) => name in answer && name > (part.from?.chart ?? ''));
        return {
          charts: first === undefined ? [] : [{ name: first, versions: [{ ...entry, version: answer[first]! }] }],
          index: 'i',
          next: first === undefined || rest.length === 0 ? null : { chart: first, versions: 1 },
          skipped: { entries: [], count: 0 },
          total: 1,
          chartCount: 1,
        };
      },
    },
  });
  return { all, asked, newer, state };
}

const web = record('stable/web', '1.2.0');

test('a version above the installed one is known once the index was read, and lists ask nobody', async () => {
  const { all, asked, newer } = world([web, record('stable/db', '3.0.0')], { web: '1.10.0', db: '3.0.0' });
  expect(newer.of(web)).toBeNull();
  newer.seen(all[0]!);
  await newer.drain();
  expect(newer.of(web)).toEqual({ repoName: 'stable', version: '1.10.0' });
  expect(newer.of(record('stable/db', '3.0.0'))).toBeNull();
  expect(newer.of(record('stable/web', '2.0.0'))).toBeNull();
  expect(asked).toHaveLength(2);
  expect(asked[0]).toEqual([
    { url: 'https://stable.example', username: 'stable' },
    { names: ['web', 'db'], stableFor: 'v1.30.0', inMemory: true },
  ]);
});

test('a chart that is being installed for the first time is looked at, too', async () => {
  const { all, newer } = world([], { web: '2.0.0' });
  newer.seen(all[0]!, 'web');
  await newer.drain();
  expect(newer.of(web)).toEqual({ repoName: 'stable', version: '2.0.0' });
});

test('images, archives, registries and unknown repositories have none', async () => {
  const { all, asked, newer } = world([web], { web: '2.0.0' });
  newer.seen(all[1]!);
  await newer.drain();
  expect(asked).toEqual([]);
  newer.seen(all[0]!);
  await newer.drain();
  const others = [record('stable/web', '1.0.0', 'image'), record('stable/web', '1.0.0', 'archive')];
  expect([...others, record('other/web', '1.0.0'), { ...web, facts: null }].map((one) => newer.of(one))).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test('another repository of the same name begins with nothing', async () => {
  const { all, newer } = world([web], { web: '2.0.0' });
  newer.seen(all[0]!);
  await newer.drain();
  all[0] = repository('stable', 'https://elsewhere.example');
  expect(newer.of(web)).toBeNull();
});

test('what is seen while it is read is read once more, and a failure forgets nothing', async () => {
  const { all, asked, newer, state } = world([web], { web: '2.0.0' });
  for (let at = 0; at < 10; at += 1) newer.seen(all[0]!);
  await newer.drain();
  expect(asked).toHaveLength(2);
  state.fails = true;
  newer.seen(all[0]!);
  await newer.drain();
  expect(newer.of(web)).toEqual({ repoName: 'stable', version: '2.0.0' });
});

test('where the version of the cluster is not known, that is said to the engine', async () => {
  const { all, asked, newer, state } = world([web], {});
  state.cluster = null;
  newer.seen(all[0]!);
  await newer.drain();
  expect(asked[0]?.[1]).toMatchObject({ stableFor: 'unknown' });
});
