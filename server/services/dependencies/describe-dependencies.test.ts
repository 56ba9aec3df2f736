import { expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import { createDescribeDependencies } from './describe-dependencies.ts';

const injected = [{ key: 'zk', provider: 'demo/zk', digest: 'd', revision: 3, outputs: { it: 'a' } }];
const revision = recordedRevision({ releaseConfig: releaseConfig({ dependencies: { zk: 'zk' }, injected }) });
const record = toReleaseRecord(revision, { earlier: null, firstWritten: '' });
const provider = { record, outputs: {}, shown: {}, digest: '' };

test('a dependency that is behind says what is waited for', async () => {
  const describeDependencies = createDescribeDependencies({
    clock: createManualClock(),
    readProvider: () => Promise.resolve({ ...provider, digests: { it: 'b' } }),
    whyNotCurrent: (key) => `waits: ${key}`,
    denied: () => Promise.resolve(null),
  });
  expect(await describeDependencies(record)).toMatchObject([{ state: 'Outdated', error: 'waits: demo/web' }]);
});

test('one that Walm may not bring up to date says so', async () => {
  const describeDependencies = createDescribeDependencies({
    clock: createManualClock(),
    readProvider: () => Promise.resolve({ ...provider, digests: { it: 'b' } }),
    whyNotCurrent: () => 'is being brought up to date',
    denied: () => Promise.resolve({ reason: 'user "ann" cannot get it' }),
  });
  expect(await describeDependencies(record)).toMatchObject([
    { state: 'NotAllowed', error: 'user "ann" cannot get it' },
  ]);
});

test('a provider that cannot be read leaves the rest of the answer as it is', async () => {
  const describeDependencies = createDescribeDependencies({
    clock: createManualClock(),
    readProvider: () => Promise.reject(problem('ENGINE_STOPPED', 'the engine stopped')),
    whyNotCurrent: () => undefined,
    denied: () => Promise.resolve(null),
  });
  expect(await describeDependencies(record)).toEqual([
    {
      key: 'zk',
      provider: 'demo/zk',
      state: 'Unknown',
      keys: ['it'],
      revision: 3,
      lastPropagation: revision.updated,
      error: 'the engine stopped',
    },
  ]);
});

test('a provider that a thousand dependencies name is read once, and so are the rights', async () => {
  const names = Array.from({ length: 1_200 }, (_, i) => `k${i}`);
  const many = recordedRevision({
    releaseConfig: releaseConfig({
      dependencies: Object.fromEntries(names.map((key) => [key, 'zk'])),
      injected: names.map((key) => ({ key, provider: 'demo/zk', digest: 'd', revision: 3, outputs: { it: 'a' } })),
    }),
  });
  let [reads, questions] = [0, 0];
  const describeDependencies = createDescribeDependencies({
    clock: createManualClock(),
    readProvider() {
      reads += 1;
      return Promise.resolve({ ...provider, digests: { it: 'b' } });
    },
    whyNotCurrent: () => undefined,
    denied() {
      questions += 1;
      return Promise.resolve({ reason: 'user "ann" cannot get it' });
    },
  });
  const found = await describeDependencies(toReleaseRecord(many, { earlier: null, firstWritten: '' }));
  // A request names at most 1,000: what a forged record has beyond that is not followed.
  expect(found.map(({ state }) => state)).toEqual(names.slice(0, 1_000).map(() => 'NotAllowed'));
  expect([reads, questions]).toEqual([1, 1]);
});
