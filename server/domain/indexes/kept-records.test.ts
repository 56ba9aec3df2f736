import { expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { toReleaseRecord } from '../release/release-record.ts';
import { createKeptRecords } from './kept-records.ts';

function record(namespace: string, name: string, objects: number, dependencies = 0, text = '') {
  const revision = recordedRevision({
    namespace,
    name,
    computedValues: { text },
    objects: Array.from({ length: objects }, (_, i) => ({
      index: i,
      source: '',
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace,
      name: `m${i}`,
      object: {},
    })),
    releaseConfig: releaseConfig({
      dependencies: Object.fromEntries(Array.from({ length: dependencies }, (_, i) => [`k${i}`, 'zk'])),
    }),
  });
  return toReleaseRecord(revision, { earlier: null, firstWritten: '' });
}

test('of a namespace full of large records some are kept, and each ordinary one; others do not notice', () => {
  const kept = createKeptRecords({ parts: 1_000, bytes: 1024 * 1024 });
  const refusals = Array.from({ length: 20 }, (_, i) => kept.takeIn(record('full', `r${i}`, 300)));
  expect(refusals.filter((reason) => reason === null)).toHaveLength(5);
  expect(refusals.at(-1)).toBe(
    'the releases of namespace full are more than Walm keeps of one (1000 objects and dependencies, and 1 MiB, beyond what is usual)',
  );
  expect(kept.takeIn(record('full', 'small', 100))).toBeNull();
  expect(kept.takeIn(record('other', 'r', 300))).toBeNull();
});

test('thousands of ordinary releases are kept', () => {
  const kept = createKeptRecords();
  const one = record('demo', 'r', 60, 20, 'x'.repeat(2_000));
  for (let i = 0; i < 5_000; i += 1) expect(kept.takeIn({ ...one, key: `demo/r${i}`, name: `r${i}` })).toBeNull();
});

test('dependencies and values count, too', () => {
  const kept = createKeptRecords({ parts: 1_000, bytes: 1024 * 1024 });
  expect(kept.takeIn(record('a', 'r', 0, 1_200))).not.toBeNull();
  expect(kept.takeIn(record('b', 'r', 0, 0, 'x'.repeat(2 * 1024 * 1024)))).not.toBeNull();
});

test('what goes, or gets smaller, makes room for what was refused', () => {
  const kept = createKeptRecords({ parts: 1_000, bytes: 1024 * 1024 });
  kept.takeIn(record('demo', 'a', 1_000));
  expect(kept.takeIn(record('demo', 'b', 900))).not.toBeNull();
  expect(kept.welcome('demo')).toEqual([]);
  kept.takeIn(record('demo', 'a', 200));
  expect(kept.welcome('demo')).toEqual(['demo/b']);
  expect(kept.takeIn(record('demo', 'b', 900))).toBeNull();
  expect(kept.takeIn(record('demo', 'c', 900))).not.toBeNull();
  kept.letGo('demo/b');
  expect(kept.welcome('demo')).toEqual(['demo/c']);
  kept.letGo('demo/c');
  expect(kept.welcome('demo')).toEqual([]);
});

test('what goes makes room for as many as fit together: the others need not be read again for nothing', () => {
  const kept = createKeptRecords({ parts: 1_000, bytes: 1024 * 1024 });
  for (let i = 0; i < 20; i += 1) kept.takeIn(record('demo', `r${i}`, 300));
  kept.letGo('demo/r0');
  expect(kept.welcome('demo')).toEqual(['demo/r5']);
  kept.letGo('demo/r1');
  expect(kept.welcome('demo')).toEqual(['demo/r5', 'demo/r6']);
});
