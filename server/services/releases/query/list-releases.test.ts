import { orderOf, taskWith } from '../../../../test/harness/fakes/tasks.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { kubeObject, picture } from '../../../../test/harness/clients/kube-objects.ts';
import { recordedRevision, releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../../adapters/memory/release-cache.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import { createMasker } from '../../../domain/masking/masker.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../../domain/release/release-record.ts';
import { type Task, taskKey } from '../../../domain/tasks/task.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import { createCompleteReleases } from '../observe/complete-releases.ts';
import { createBeginRead } from '../observe/read-point.ts';
import { createGetRelease } from './get-release.ts';
import { createListReleases, type ReleaseFilter } from './list-releases.ts';

const NOW = Date.parse('2026-03-01T00:10:00Z');

let cache: ReleaseCache;
let tasks: Task[];

beforeEach(() => {
  cache = createMemoryReleaseCache();
  tasks = [];
});

async function put(
  namespace: string,
  name: string,
  releaseLabels: Record<string, string> | null = {},
  given: Partial<HelmRelease> = {},
): Promise<void> {
  const config = releaseLabels === null ? null : releaseConfig({ releaseLabels });
  const revision = recordedRevision({ namespace, name, objects: [], releaseConfig: config, ...given });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
}

function install(namespace: string, release: string, given: Partial<Task>): void {
  tasks.push(
    taskWith({
      id: `install-${release}`,
      order: orderOf('install'),
      namespace,
      release,
      state: 'running',
      attempt: 1,
      createdAt: '2026-03-01T00:08:00Z',
      ...given,
    }),
  );
}

function deps() {
  return {
    cache,
    live: picture(kubeObject('v1', 'Service', 'unused')),
    clock: createManualClock(NOW),
    statuses: { get: () => undefined },
    beginRead: createBeginRead({ statuses: { get: () => undefined, latestSequence: () => 7 } }),
    completeReleases: createCompleteReleases({
      worstDependencies: () => Promise.resolve(new Map()),
      newerVersion: () => null,
    }),
    isStale: () => false,
    findSeen: () => Promise.resolve(() => false),
    tasks: {
      all: () => tasks.map((task) => ({ task, version: 1 })),
      tasksOf: (key: ReleaseKey) => tasks.filter((task) => taskKey(task) === key),
    },
  };
}

async function list(filter: ReleaseFilter = {}) {
  const { num, total, items, continue: next } = await createListReleases(deps())(filter, null, null);
  return { num, total, keys: items.map(({ namespace, name }) => `${namespace}/${name}`), next };
}

describe('the list of releases', () => {
  it('is empty in an empty cluster', async () => {
    expect(await createListReleases(deps())({}, null, null)).toEqual({ num: 0, total: 0, items: [] });
  });

  it('is sorted by namespace and name, and has the total number', async () => {
    await put('b', 'a');
    await put('a-b', 'x');
    await put('a', 'z');
    await put('a', 'c');
    expect(await list()).toEqual({ num: 4, total: 4, keys: ['a/c', 'a/z', 'a-b/x', 'b/a'], next: undefined });
    expect((await list({ namespace: 'a' })).keys).toEqual(['a/c', 'a/z']);
  });

  it('comes in pages that meet without a gap, and knows the whole number', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await put('demo', name);
    }
    const first = await list({ limit: 2 });
    expect(first).toMatchObject({ num: 2, total: 5, keys: ['demo/a', 'demo/b'] });
    const second = await list({ limit: 2, continue: first.next ?? '' });
    expect(second).toMatchObject({ num: 2, total: 5, keys: ['demo/c', 'demo/d'] });
    expect(await list({ limit: 2, continue: second.next ?? '' })).toEqual({
      num: 1,
      total: 5,
      keys: ['demo/e'],
      next: undefined,
    });
  });

  it('goes on behind a release that was deleted in between', async () => {
    await put('demo', 'a');
    await put('demo', 'b');
    await put('demo', 'c');
    const { next = '' } = await list({ limit: 2 });
    await cache.remove('demo/b');
    expect((await list({ continue: next })).keys).toEqual(['demo/c']);
  });

  it('refuses a place to go on from that it never gave', async () => {
    await expect(list({ continue: 'nonsense' })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  });

  it('refuses the token of a list with other filters or another order', async () => {
    await put('demo', 'a');
    await put('demo', 'b');
    const { next = '' } = await list({ limit: 1, text: 'demo' });
    expect((await list({ limit: 1, text: 'demo', continue: next })).keys).toEqual(['demo/b']);
    for (const other of [
      {},
      { text: 'dem' },
      { text: 'demo', sort: '-name' as const },
      { text: 'demo', ready: true },
    ]) {
      await expect(list({ ...other, continue: next })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
    }
  });

  it.each<[ReleaseFilter['sort'], string[]]>([
    ['namespace', ['demo/db', 'demo/web', 'shop/db', 'shop/web']],
    ['-namespace', ['shop/db', 'shop/web', 'demo/db', 'demo/web']],
    ['name', ['demo/db', 'shop/db', 'demo/web', 'shop/web']],
    ['-name', ['demo/web', 'shop/web', 'demo/db', 'shop/db']],
    ['chart', ['demo/web', 'shop/db', 'shop/web', 'demo/db']],
    ['-updated', ['shop/db', 'demo/db', 'demo/web', 'shop/web']],
    ['phase', ['shop/web', 'demo/db', 'demo/web', 'shop/db']],
  ])('is in the order of %s, page by page too', async (sort, keys) => {
    const { objects: lacking } = recordedRevision();
    await put('demo', 'db', {}, { chartName: 'postgres' });
    await put('demo', 'web', {}, { chartName: 'nginx' });
    // In another zone, and nevertheless later.
    await put('shop', 'db', {}, { chartName: 'nginx', updated: '2026-03-01T01:00:30+01:00' });
    await put(
      'shop',
      'web',
      {},
      { chartName: 'nginx', objects: lacking.map((one) => ({ ...one, namespace: 'shop' })) },
    );
    expect((await list({ sort })).keys).toEqual(keys);
    const paged: string[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const page = await list({ sort, limit: 1, ...(next !== '' && { continue: next }) });
      paged.push(...page.keys);
      next = page.next;
    }
    expect(paged).toEqual(keys);
  });

  it('counts nothing that the caller does not see', async () => {
    await put('demo', 'web');
    await put('secret', 'web', {}, { chartName: 'hidden' });
    install('secret', 'coming', {});
    const visible = {
      isEverything: () => Promise.resolve(false),
      sees: (namespace: string) => Promise.resolve(namespace === 'demo'),
    };
    for (const namespaces of [undefined, new Set(['demo', 'secret'])]) {
      const filter = { facets: true, ...(namespaces && { namespaces }) };
      const answer = await createListReleases(deps())(filter, visible, null);
      expect(answer.total).toBe(1);
      expect(JSON.stringify(answer.facets)).not.toMatch(/secret|hidden|changing/);
    }
  });

  it('describes only the releases of its page', async () => {
    let described = 0;
    const statuses = { get: () => ({ status: { ready: true, phase: 'ready' as const } }) };
    const { live } = deps();
    const counted = {
      ...live,
      get: (ref: Parameters<typeof live.get>[0]) => {
        described += 1;
        return live.get(ref);
      },
    };
    const { objects } = recordedRevision();
    for (let i = 0; i < 100; i++) await put('demo', `r${i}`, {}, { objects });
    const list = createListReleases({ ...deps(), statuses, live: counted });
    await list({ limit: 1 }, null, null);
    const each = described;
    expect(each).toBeGreaterThan(0);
    await list({ limit: 5, sort: 'phase', phases: new Set(['ready']), ready: true, facets: true }, null, null);
    expect(described).toBe(6 * each);
    await list({ view: 'names', facets: true }, null, null);
    expect(described).toBe(6 * each);
  });

  it('has nothing but names where only these are wanted', async () => {
    await put('demo', 'web');
    const { items } = await createListReleases(deps())({ view: 'names' }, null, null);
    expect(items).toEqual([{ namespace: 'demo', name: 'web' }]);
  });

  it('counts by fields, each without the filter of its own', async () => {
    const { objects: lacking } = recordedRevision();
    await put('demo', 'db', {}, { chartName: 'postgres' });
    await put('demo', 'web', {}, { chartName: 'nginx' });
    await put(
      'shop',
      'web',
      {},
      { chartName: 'nginx', objects: lacking.map((one) => ({ ...one, namespace: 'shop' })) },
    );
    install('shop', 'new', {});
    const filter: ReleaseFilter = { facets: true, namespaces: new Set(['demo']), chart: 'nginx' };
    const { facets, total } = await createListReleases(deps())(filter, null, null);
    expect(total).toBe(1);
    expect(facets).toEqual({
      phase: { values: [{ value: 'ready', count: 1 }], more: 0 },
      namespace: {
        values: [
          { value: 'demo', count: 1 },
          { value: 'shop', count: 1 },
        ],
        more: 0,
      },
      chart: {
        values: [
          { value: 'nginx', count: 1 },
          { value: 'postgres', count: 1 },
        ],
        more: 0,
      },
      project: { values: [{ value: '', count: 1 }], more: 0 },
    });
  });

  it.each([
    ['team=a', ['demo/first']],
    ['team', ['demo/first', 'demo/second']],
    ['team notin (a)', ['demo/foreign', 'demo/plain', 'demo/second']],
    ['!team', ['demo/foreign', 'demo/plain']],
    [' ', ['demo/first', 'demo/foreign', 'demo/plain', 'demo/second']],
  ])('of those that %s selects goes by the labels of the release', async (selector, keys) => {
    await put('demo', 'first', { team: 'a' });
    await put('demo', 'second', { team: 'b' });
    await put('demo', 'plain');
    await put('demo', 'foreign', null);
    expect((await list({ selector })).keys).toEqual(keys);
  });

  it('does not tell by a selector what a label hides', async () => {
    await put('demo', 'web', { lab: 'hunter-2-hunter', team: 'a' });
    const record = (await cache.get('demo/web')) as ReleaseRecord;
    await cache.put({ ...record, masker: createMasker([{ text: 'hunter-2-hunter' }]) });
    const found = async (selector: string) => (await list({ selector })).keys;
    expect(await found('lab=hunter-2-hunter')).toEqual(await found('lab=hunter-2-wrong'));
    expect(await found('lab!=hunter-2-hunter')).toEqual(await found('lab!=hunter-2-wrong'));
    expect(await found('team=a,lab')).toEqual(['demo/web']);
  });

  it.each<[ReleaseFilter, string[]]>([
    [{ chart: 'kafka' }, ['demo/queue']],
    [{ chart: 'kaf' }, []],
    [{ text: 'KAF' }, ['demo/queue']],
    [{ text: 'shop' }, ['shop/web']],
    [{ text: 'e' }, ['demo/queue', 'demo/web', 'shop/web']],
    [{ text: 'web', namespace: 'demo', limit: 1 }, ['demo/web']],
    [{ ready: true }, ['demo/web']],
    [{ ready: false }, ['demo/queue', 'shop/web']],
    [{ ready: false, chart: 'kafka', selector: '!team' }, ['demo/queue']],
    [{ phases: new Set(['progressing']) }, ['demo/queue', 'shop/web']],
    [{ phases: new Set(['ready', 'failed']) }, ['demo/web']],
    [{ namespaces: new Set(['shop', 'none']) }, ['shop/web']],
    [{ project: 'mall' }, []],
  ])('of those that %j fit', async (filter, keys) => {
    // Its Deployment does not exist.
    const { objects: lacking } = recordedRevision();
    await put('demo', 'queue', {}, { chartName: 'kafka', objects: lacking });
    await put('demo', 'web');
    await put('shop', 'web', {}, { objects: lacking.map((object) => ({ ...object, namespace: 'shop' })) });
    expect(await list(filter)).toMatchObject({ total: keys.length, keys });
  });

  it('has in its summary how each is doing, and nothing that is large', async () => {
    await put('demo', 'web', { team: 'a' });
    const [full] = (await createListReleases(deps())({}, null, null)).items;
    const [summary] = (await createListReleases(deps())({ view: 'summary' }, null, null)).items;
    expect(full?.computedValues).not.toBeNull();
    expect(summary).toEqual({
      ...full,
      configValues: null,
      computedValues: null,
      dependenciesConfigValues: null,
      outputConfigValues: null,
      metaInfoValues: null,
      releaseStatus: null,
      notes: '',
    });
  });

  it('refuses a selector in the words of Kubernetes', async () => {
    await expect(list({ selector: '!!=' })).rejects.toMatchObject({
      code: 'QUERY_INVALID',
      message: "unable to parse requirement: found '!=', expected: identifier",
    });
  });

  it('has releases that are being installed or have just failed to be, in their place', async () => {
    await put('demo', 'b');
    install('demo', 'a', {});
    install('demo', 'c', { state: 'failed', finishedAt: '2026-03-01T00:09:00Z' });
    install('demo', 'long-ago', { state: 'failed', finishedAt: '2026-03-01T00:00:00Z' });
    install('demo', 'deleted', { state: 'succeeded', finishedAt: '2026-03-01T00:09:00Z' });
    install('other', 'x', {});
    expect(await list({ namespace: 'demo' })).toMatchObject({ num: 3, total: 3, keys: ['demo/a', 'demo/b', 'demo/c'] });
    expect((await list({ namespace: 'demo', selector: '!team' })).keys).toEqual(['demo/b']);
  });
});

describe('a list of releases with thousands of objects', () => {
  it('counts these, and has the others as they are', async () => {
    const of = (namespace: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        index: i,
        source: '',
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace,
        object: {},
        name: `${'m'.repeat(100)}${i}`,
      }));
    for (let i = 0; i < 5; i += 1) await put('hostile', `st${i}`, {}, { objects: of('hostile', 9_900) });
    await put('shop', 'web', {}, { objects: of('shop', 20) });
    const { items } = await createListReleases(deps())({}, null, null);
    expect(JSON.stringify(items).length).toBeLessThan(200_000);
    expect(items.map(({ truncated, objects }) => [truncated, objects.total])).toEqual([
      ...Array.from({ length: 5 }, () => [true, 9_900]),
      [undefined, 20],
    ]);
    expect(items.at(-1)?.releaseStatus?.configmaps).toHaveLength(20);
  });

  it('waits for its turn once it is long', async () => {
    const objects = Array.from({ length: 400 }, (_, i) => ({
      index: i,
      source: '',
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'demo',
      object: {},
      name: `${'m'.repeat(100)}${i}`,
    }));
    for (let i = 0; i < 10; i += 1) await put('demo', `r${i}`, {}, { objects });
    let turns = 0;
    const whenLong = async (): Promise<void> => void (turns += 1);
    await createListReleases(deps())({ limit: 2 }, null, null, whenLong);
    expect(turns).toBe(0);
    await createListReleases(deps())({}, null, null, whenLong);
    expect(turns).toBe(1);
  });
});

describe('the filter ready', () => {
  it('goes by what is followed live, and looks at what is not', async () => {
    await put('demo', 'a');
    await put('demo', 'b');
    const known = { status: { ready: false, phase: 'progressing' as const } };
    const statuses = { get: (key: ReleaseKey) => (key === 'demo/a' ? known : undefined) };
    const { items } = await createListReleases({ ...deps(), statuses })({ ready: true }, null, null);
    expect(items.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('one release', () => {
  it('is found by namespace and name', async () => {
    await put('demo', 'web', { team: 'a' });
    expect(
      await createGetRelease({
        ...deps(),
        describeDependencies: () => Promise.resolve([]),
        newerVersion: () => null,
        notAllowed: () => [],
      })('demo', 'web', null),
    ).toMatchObject({ name: 'web', releaseLabels: { team: 'a' } });
  });

  it('that does not exist is not found, in the words of the original', async () => {
    await expect(
      createGetRelease({
        ...deps(),
        describeDependencies: () => Promise.resolve([]),
        newerVersion: () => null,
        notAllowed: () => [],
      })('demo', 'web', null),
    ).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: 'release web is not found',
      object: { kind: 'Release', namespace: 'demo', name: 'web' },
    });
  });

  it('that is not known may exist while the view is stale', async () => {
    const stale = {
      ...deps(),
      isStale: () => true,
      describeDependencies: () => Promise.resolve([]),
      newerVersion: () => null,
      notAllowed: () => [],
    };
    await expect(createGetRelease(stale)('demo', 'web', null)).rejects.toMatchObject({ code: 'NOT_READY' });
    await put('demo', 'web');
    expect(await createGetRelease(stale)('demo', 'web', null)).toMatchObject({ name: 'web', stale: true });
    expect(await createListReleases(stale)({}, null, null)).toMatchObject({ num: 1, stale: true });
  });
});
