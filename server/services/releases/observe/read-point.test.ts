import { expect, it } from 'vitest';
import { createBeginRead } from './read-point.ts';

function stage(sequences: Record<string, number>, latest: number) {
  const statuses = {
    get: (key: string) => (key in sequences ? { status: { sequence: sequences[key] ?? 0 } } : undefined),
    latestSequence: () => latest,
  };
  return createBeginRead({ statuses })();
}

it('is the latest change of the release', () => {
  expect(stage({ 'demo/web': 5 }, 9).sequenceOf({ namespace: 'demo', name: 'web' })).toBe(5);
});

it('is before what changes while the reader reads, so that its event is newer', () => {
  expect(stage({ 'demo/web': 12 }, 9).sequenceOf({ namespace: 'demo', name: 'web' })).toBe(9);
});

it('is before the first event of a release whose status is not known yet', () => {
  expect(stage({}, 9).sequenceOf({ namespace: 'demo', name: 'new' })).toBe(9);
});
