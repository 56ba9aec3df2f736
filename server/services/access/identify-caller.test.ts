import { expect, test } from 'vitest';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { problem } from '../../domain/problem-error.ts';
import { createIdentifyCaller } from './identify-caller.ts';
import { person } from '../../../test/harness/person.ts';

function stage() {
  const clock = createManualClock();
  const reviews = createMemoryAccessReviews([{ user: 'ann', groups: ['dev'], token: 'abc.DEF-1', rights: [] }]);
  return { clock, reviews, identify: createIdentifyCaller({ reviews, clock, key: new Uint8Array(32) }) };
}

test('tells the caller by the token, and asks once in ten seconds', async () => {
  const { clock, reviews, identify } = stage();
  expect(await identify('Bearer abc.DEF-1')).toEqual(person('ann', ['dev']));
  expect(await identify('bearer  abc.DEF-1')).toMatchObject({ user: 'ann' });
  expect(reviews.asked).toBe(1);
  reviews.users.length = 0;
  await clock.advance(10_000);
  await expect(identify('Bearer abc.DEF-1')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'abc.DEF-1', 'Bearer a b', 'Bearer abc.DEF-1, x'])(
  'asks nobody about %j',
  async (header) => {
    const { reviews, identify } = stage();
    await expect(identify(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect(reviews.asked).toBe(0);
  },
);

test('a token that nobody has is remembered for a shorter time, and never shown', async () => {
  const { clock, reviews, identify } = stage();
  await expect(identify('Bearer guessed')).rejects.toMatchObject({
    message: expect.not.stringContaining('guessed') as string,
  });
  await expect(identify('Bearer guessed')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(reviews.asked).toBe(1);
  await clock.advance(2_000);
  await expect(identify('Bearer guessed')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(reviews.asked).toBe(2);
});

test('a cluster that does not answer makes nobody out of somebody', async () => {
  const reviews = { identify: () => Promise.reject(problem('CLUSTER_UNREACHABLE', 'away')) };
  const identify = createIdentifyCaller({ reviews, clock: createManualClock(), key: new Uint8Array(32) });
  await expect(identify('Bearer abc')).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', status: 503 });
});
