import { expect, test } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { toReleaseRecord } from '../release/release-record.ts';
import { createAnswerRoom } from './answer-room.ts';
import { type DescribedRelease, describeAmongOthers } from './release-info.ts';

const live = picture(kubeObject('v1', 'Service', 'unused'));

function release(name: string, objects: number, namespace = 'demo', dependencies: Record<string, string> = {}) {
  const revision = recordedRevision({
    name,
    namespace,
    objects: Array.from({ length: objects }, (_, i) => ({
      index: i,
      source: '',
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace,
      object: {},
      name: `${'m'.repeat(100)}${i}`,
    })),
    releaseConfig: releaseConfig({ dependencies }),
  });
  return toReleaseRecord(revision, { earlier: null, firstWritten: '' });
}

function described(...given: Parameters<typeof release>): DescribedRelease {
  const info = describeAmongOthers(release(...given), live, [], 0);
  if (info === null) throw new Error('it is not shown');
  return info;
}

test('a release as most are is shown as it is', () => {
  const info = described('web', 20);
  expect(createAnswerRoom(true).fit(info)).toBe(info);
});

test('a release with very many objects is counted and says so', () => {
  const info = described('web', 501);
  expect(info).toMatchObject({ truncated: true, releaseStatus: null, objects: { ready: 0, total: 501 } });
  expect(info.waitingFor).toHaveLength(100);
});

test('objects of a large release are counted once in as many milliseconds as it has objects', () => {
  const record = release('web', 2_000);
  let looked = 0;
  const counting = { ...live, get: (ref: Parameters<typeof live.get>[0]) => ((looked += 1), live.get(ref)) };
  for (let nowMs = 0; nowMs < 2_000; nowMs += 100) describeAmongOthers(record, counting, [], nowMs);
  const once = looked;
  expect(once).toBeGreaterThanOrEqual(2_000);
  describeAmongOthers(record, counting, [], 2_000);
  expect(looked).toBe(2 * once);
});

test('what has no room is a summary, and what has none for that ends the answer', () => {
  const room = createAnswerRoom(true, { all: 100_000, each: 20_000, summary: 8_000, field: 500 });
  const shown = Array.from({ length: 60 }, (_, i) => room.fit(described(`r${i}`, 20)));
  const whole = shown.filter((info) => info !== null && !info.truncated);
  const summaries = shown.filter((info) => info?.truncated === true);
  expect([whole.length > 0, summaries.length > 0, shown.at(-1)]).toEqual([true, true, null]);
  expect(summaries[0]).toMatchObject({ releaseStatus: null, computedValues: null });
  expect(room.taken()).toBeLessThanOrEqual(100_000);
});

test('the releases of one namespace leave room for those of others', () => {
  const room = createAnswerRoom(true, { all: 200_000, each: 50_000, summary: 8_000, field: 500 });
  const hostile = Array.from({ length: 20 }, (_, i) => room.fit(described(`r${i}`, 60, 'hostile')));
  expect(hostile.at(-1)?.truncated).toBe(true);
  expect(room.fit(described('web', 20, 'victim'))?.truncated).toBeUndefined();
});

test('fields that a record makes as large as it likes are left out or cut', () => {
  const dependencies = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, `demo/${'p'.repeat(100)}`]));
  const info = { ...described('web', 1, 'demo', dependencies), message: 'x'.repeat(100_000) };
  const least = createAnswerRoom(false).least(info);
  expect(least).toMatchObject({ name: 'web', dependencies: null, truncated: true });
  expect(least.message).toHaveLength(1_025);
  expect(JSON.stringify(least).length).toBeLessThan(16_000);
});
