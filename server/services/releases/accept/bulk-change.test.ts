import { beforeEach, expect, test } from 'vitest';
import { createMemoryReleaseCache } from '../../../adapters/memory/release-cache.ts';
import { createMemoryAccessReviews } from '../../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { buildReleaseConfig } from '../../../domain/release/release-config.ts';
import { NEW_RELEASE } from '../../../domain/request/release-request.ts';
import { toReleaseRecord } from '../../../domain/release/release-record.ts';
import { everythingAllowed } from '../../../../test/harness/fakes/everything-allowed.ts';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createAuthorization } from '../../access/authorization.ts';
import { type BulkInput, createBulkChange, type BulkChange } from './bulk-change.ts';
import { createRefuseDependents } from '../../dependencies/refuse-dependents.ts';
import type { ChangeInput, MutationOutcome } from '../../tasks/release-mutation.ts';
import { person } from '../../../../test/harness/fakes/person.ts';

const OPTIONS = { waiting: {}, requestId: 'r', caller: null, warnings: [] };
const DONE: MutationOutcome = { task: null, finished: true, warnings: [] };
const reviews = createMemoryAccessReviews([
  { user: 'ann', groups: [], token: 'a', rights: ['list shop', 'update shop'] },
  { user: 'bob', groups: [], token: 'b', rights: ['list shop'] },
  { user: 'eve', groups: [], token: 'e', rights: ['update shop'] },
]);
let asked: string[];
let asUser: (user: string) => Pick<BulkInput, 'options' | 'visible'>;
let bulk: (changes?: Partial<BulkInput>) => ReturnType<BulkChange>;

beforeEach(async () => {
  asked = [];
  const cache = createMemoryReleaseCache();
  const put = (name: string, tier: string, dependencies: Record<string, string> = {}) => {
    const content = { ...NEW_RELEASE, namespace: 'shop', name, dependencies, releaseLabels: { tier } };
    const chart = { name: 'chart', version: '1.0.0', appVersion: '1' };
    const releaseConfig = buildReleaseConfig({ ...content, chart, source: null, injected: [] });
    const revision = recordedRevision({ namespace: 'shop', name, releaseConfig });
    return cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
  };
  await put('zk', 'data');
  await put('kafka', 'data', { zookeeper: 'zk' });
  await put('web', 'front', { kafka: 'kafka' });
  const accept =
    (verb: string) =>
    ({ namespace, release, options }: ChangeInput): Promise<MutationOutcome> => {
      asked.push(`${verb} ${namespace}/${release} ${options.idempotencyKey ?? ''}`.trim());
      return release === 'kafka' && verb === 'pause'
        ? Promise.reject(problem('RELEASE_LOCKED', 'somebody else is at it'))
        : Promise.resolve(DONE);
    };
  const authorization = createAuthorization({ reviews, clock: createManualClock() });
  asUser = (user) => {
    const caller = person(user);
    return { options: { ...OPTIONS, caller }, visible: authorization.visibleTo(caller) };
  };
  const change = createBulkChange({
    cache,
    authorization,
    refuseDependents: createRefuseDependents({
      cache,
      current: cache,
      authorization: everythingAllowed,
      isGuarding: true,
    }),
    adoptRelease: accept('adopt'),
    pauseRelease: accept('pause'),
    recoverRelease: accept('recover'),
    restartRelease: accept('restart'),
    deleteRelease: accept('delete'),
    upgradeRelease: ({ namespace, request, options }) =>
      accept(`upgrade to ${request.chartVersion}`)({ namespace, release: request.name ?? '', options }),
  });
  const input = { namespace: undefined, limit: 20, dryrun: false, mode: 'auto', deletePvcs: false } as const;
  bulk = (changes = {}) =>
    change(
      {
        action: 'pause',
        selector: 'tier=data',
        releases: undefined,
        ...input,
        force: false,
        options: OPTIONS,
        visible: null,
        ...changes,
      },
      new AbortController().signal,
    );
});

test('changes all matching releases, and reports the result of each', async () => {
  expect(await bulk()).toMatchObject({
    num: 2,
    failed: 1,
    items: [
      { name: 'kafka', outcome: 'failed', error: { code: 'RELEASE_LOCKED' } },
      { name: 'zk', outcome: 'unchanged' },
    ],
  });
  expect(asked.toSorted()).toEqual(['pause shop/kafka', 'pause shop/zk']);
});

test('a preview changes nothing', async () => {
  const { items } = await bulk({ dryrun: true });
  expect(items.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(['kafka planned', 'zk planned']);
  expect((await bulk({ dryrun: true, action: 'recover' })).items[0]?.outcome).toBe('unchanged');
  expect(asked).toEqual([]);
});

test('more releases than the limit, and no selector at all, are refused', async () => {
  await expect(bulk({ limit: 1 })).rejects.toMatchObject({ code: 'TOO_MANY_RELEASES', details: { num: 2, limit: 1 } });
  await expect(bulk({ selector: ' ' })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  await expect(bulk({ selector: '!!=' })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  expect(asked).toEqual([]);
});

test('a delete that leaves a dependent behind is refused, unless all go together or it is forced', async () => {
  await expect(bulk({ action: 'delete' })).rejects.toMatchObject({
    code: 'RELEASE_HAS_DEPENDENTS',
    details: { dependents: ['shop/web'] },
  });
  expect(asked).toEqual([]);
  expect((await bulk({ action: 'delete', selector: 'tier' })).num).toBe(3);
  expect((await bulk({ action: 'delete', force: true })).num).toBe(2);
});

test.each([
  { action: 'pause', deletePvcs: true },
  { action: 'restart', deletePvcs: true },
  { action: 'delete', mode: 'rolling' },
  { action: 'recover', mode: 'delete' },
] as const)('a parameter of another action is refused: %j', async (changes) => {
  await expect(bulk({ force: true, ...changes })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  expect(asked).toEqual([]);
});

test('each release has its own idempotency key', async () => {
  await bulk({ action: 'restart', options: { ...OPTIONS, idempotencyKey: 'once' } });
  expect(asked.toSorted()).toEqual(['restart shop/kafka once kafka', 'restart shop/zk once zk']);
});

test('each release is judged by what the caller may do with it', async () => {
  expect(await bulk(asUser('ann'))).toMatchObject({ num: 2, items: [{ error: { code: 'RELEASE_LOCKED' } }, {}] });
  asked = [];
  for (const dryrun of [true, false]) {
    const { failed, items } = await bulk({ ...asUser('bob'), dryrun });
    expect([failed, ...items.map(({ error }) => error?.code)]).toEqual([2, 'FORBIDDEN', 'FORBIDDEN']);
  }
  expect(asked).toEqual([]);
});

test('what the caller may not list does not match', async () => {
  expect(await bulk(asUser('eve'))).toMatchObject({ num: 0, items: [] });
});

test('releases are chosen by name, too, and each that is not there fails by itself', async () => {
  const named = { selector: undefined, releases: 'shop/web, shop/none,shop/zk' };
  const { items } = await bulk(named);
  expect(items.map(({ name, error }) => [name, error?.code])).toEqual([
    ['none', 'RELEASE_NOT_FOUND'],
    ['web', undefined],
    ['zk', undefined],
  ]);
  for (const releases of ['web', 'shop/', 'shop/a/b', 'shop/a,']) {
    await expect(bulk({ selector: undefined, releases })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  }
  await expect(bulk({ ...named, namespace: 'other' })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  await expect(bulk({ ...named, limit: 2 })).rejects.toMatchObject({ code: 'TOO_MANY_RELEASES' });
  await expect(bulk({ releases: 'shop/web' })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  await expect(bulk({ selector: undefined })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
});

test('who may not list a release may change it by name, and is not told whether another one exists', async () => {
  const named = { selector: undefined, releases: 'shop/web,shop/none,other/web' };
  const { items } = await bulk({ ...named, ...asUser('eve') });
  expect(items.map(({ error }) => error?.code)).toEqual(['FORBIDDEN', 'RELEASE_NOT_FOUND', undefined]);
});

test('releases of one chart are upgraded to one version, each by itself', async () => {
  await bulk({ action: 'upgrade', chartVersion: '2.0.0' });
  expect(asked.toSorted()).toEqual(['upgrade to 2.0.0 shop/kafka', 'upgrade to 2.0.0 shop/zk']);
  asked = [];
  const { items } = await bulk({ action: 'upgrade', chartVersion: '2.0.0', dryrun: true });
  expect(items.map(({ outcome }) => outcome)).toEqual(['planned', 'planned']);
  expect(asked).toEqual([]);
});
