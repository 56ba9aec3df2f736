import { expect, test } from 'vitest';
import { createMemoryHelm } from '../../adapters/memory/helm-releases.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { RevisionName } from '../../ports/helm/engine-call.ts';
import { createBatchedReads } from './batched-reads.ts';

function setUp(refused?: string) {
  const helm = createMemoryHelm(createManualClock());
  for (const name of ['a', 'b', 'c']) helm.write('shop', name, 1, 'deployed');
  const requests: number[] = [];
  const read = createBatchedReads(async (wanted: RevisionName[]) => {
    requests.push(wanted.length);
    const found = await helm.getReleases(wanted);
    return found.map((one, index) => (wanted[index]?.name === refused ? problem('FORBIDDEN', 'no') : one));
  }, 2);
  return { requests, read: (name: string) => read({ namespace: 'shop', name, revision: 1 }) };
}

test('reads asked for together are few requests, each with its own answer', async () => {
  const { requests, read } = setUp();
  const found = await Promise.all(['a', 'b', 'c', 'unknown'].map(read));
  expect(found.map((release) => release?.name ?? null)).toEqual(['a', 'b', 'c', null]);
  expect(requests).toEqual([2, 2]);
  await read('a');
  expect(requests).toEqual([2, 2, 1]);
});

test('a faulty one does not affect others', async () => {
  const { read } = setUp('b');
  const [a, b, c] = await Promise.allSettled(['a', 'b', 'c'].map(read));
  expect([a?.status, c?.status]).toEqual(['fulfilled', 'fulfilled']);
  expect(b).toMatchObject({ status: 'rejected', reason: { code: 'FORBIDDEN' } });
});

test('an engine that is away rejects all of a request', async () => {
  const read = createBatchedReads(() => Promise.reject(problem('ENGINE_STOPPED', 'away')), 8);
  await expect(read('a')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
});

test('a group of which much is asked for is not read in the request of others', async () => {
  const requests: string[] = [];
  const answer = (wanted: string[]) => {
    requests.push(wanted.join(' '));
    return Promise.resolve(wanted);
  };
  const read = createBatchedReads(answer, 8, (wanted) => wanted.charAt(0));
  await Promise.all(['a1', 'b1', 'a2', 'a3', 'c1', 'a4', 'a5'].map(read));
  expect(requests).toEqual(['b1 c1', 'a1 a2 a3 a4 a5']);
});
