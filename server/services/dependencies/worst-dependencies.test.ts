import { expect, it } from 'vitest';
import type { DependencyStatus } from '../../../contract/schemas/dependency.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../domain/release/release-record.ts';
import { createWorstDependencies } from './worst-dependencies.ts';

function recordOf(name: string): ReleaseRecord {
  const revision = recordedRevision({ namespace: 'demo', name, objects: [] });
  return toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated });
}

const status = (state: DependencyStatus['state']): DependencyStatus => ({
  key: 'db',
  provider: 'demo/db',
  state,
  keys: [],
  revision: 0,
});

it('is the worst one of each release', async () => {
  const states: Record<string, DependencyStatus['state'][]> = { a: ['Current', 'Outdated'], b: ['Current'], c: [] };
  const worst = createWorstDependencies({
    clock: createManualClock(),
    describeDependencies: async ({ name }) => (states[name] ?? []).map(status),
  });
  expect(Object.fromEntries(await worst(['a', 'b', 'c'].map(recordOf)))).toEqual({
    'demo/a': 'Outdated',
    'demo/b': 'Current',
  });
});

it('does not wait for an engine that does not answer, nor asks it more', async () => {
  const clock = createManualClock();
  let asked = 0;
  const worst = createWorstDependencies({
    clock,
    describeDependencies: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
  });
  const reading = worst(Array.from({ length: 100 }, (_, at) => recordOf(`r${at}`)));
  await clock.advance(200);
  const states = [...(await reading).values()];
  expect(states).toEqual(Array.from({ length: 100 }, () => 'Unknown'));
  expect(asked).toBe(16);
});
