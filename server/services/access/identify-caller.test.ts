import { expect, test } from 'vitest';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createBoundedReviews } from './bounded-reviews.ts';
import { createIdentifyCaller } from './identify-caller.ts';
import { person } from '../../../test/harness/fakes/person.ts';

function asking(reviews: AccessReviews) {
  return { reviews, identifyAgain: createBoundedReviews({ reviews, max: 4 }).identifyAgain };
}

function stage() {
  const clock = createManualClock();
  const reviews = createMemoryAccessReviews([{ user: 'ann', groups: ['dev'], token: 'abc.DEF-1', rights: [] }]);
  return {
    clock,
    reviews,
    identify: createIdentifyCaller({ ...asking(reviews), clock, key: new Uint8Array(32), maxUnknown: 2 }),
  };
}

test('identifies the caller by the token, with one review in ten seconds', async () => {
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

test('an invalid token is cached for a shorter time, and never shown', async () => {
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

test('a cluster that does not answer does not make a caller unauthenticated', async () => {
  const reviews = { identify: () => Promise.reject(problem('CLUSTER_UNREACHABLE', 'away')) };
  const identify = createIdentifyCaller({
    ...asking({ ...createMemoryAccessReviews([]), ...reviews }),
    clock: createManualClock(),
    key: new Uint8Array(32),
    maxUnknown: 2,
  });
  await expect(identify('Bearer abc')).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', status: 503 });
});

test('who guesses takes neither the questions nor the memory of those who are known', async () => {
  const { clock, reviews, identify } = stage();
  await identify('Bearer abc.DEF-1');
  const waiting: ((caller: null) => void)[] = [];
  const { identify: answer } = reviews;
  reviews.identify = (token) =>
    token.startsWith('guess') ? new Promise((resolve) => waiting.push(resolve)) : answer(token);
  const guesses = Array.from({ length: 5 }, (_, i) => identify(`Bearer guess${i}`));
  for (const guess of guesses.slice(2)) {
    await expect(guess).rejects.toMatchObject({ code: 'TOO_MANY_TOKENS', status: 429 });
  }
  await clock.advance(10_000);
  expect(await identify('Bearer abc.DEF-1')).toMatchObject({ user: 'ann' });
  waiting.forEach((resolve) => resolve(null));
  for (const guess of guesses.slice(0, 2)) {
    await expect(guess).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  }
  const { asked } = reviews;
  for (let i = 0; i < 20_000; i += 1) {
    const guess = identify(`Bearer wrong${i}`);
    await expect(guess).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  }
  expect(reviews.asked).toBe(asked + 20_000);
  expect(await identify('Bearer abc.DEF-1')).toMatchObject({ user: 'ann' });
  expect(reviews.asked).toBe(asked + 20_000);
});

test('a token longer than any valid one is not reviewed', async () => {
  const { reviews, identify } = stage();
  await expect(identify(`Bearer ${'a'.repeat(20_000)}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(reviews.asked).toBe(0);
});

test.each([
  [14, { status: 'fulfilled' }],
  [15, { status: 'rejected', reason: { code: 'TOO_MANY_TOKENS' } }],
])('who was identified %i minutes ago is, beside those who guess: %o', async (minutes, outcome) => {
  const { clock, reviews, identify } = stage();
  await identify('Bearer abc.DEF-1');
  await clock.advance(minutes * 60_000);
  const { identify: answer } = reviews;
  const guesses = Promise.withResolvers<null>();
  reviews.identify = (token) => (token.startsWith('guess') ? guesses.promise : answer(token));
  const waiting = [1, 2].map((i) => identify(`Bearer guess${i}`));
  const [asked] = await Promise.allSettled([identify('Bearer abc.DEF-1')]);
  expect(asked).toMatchObject(outcome);
  guesses.resolve(null);
  for (const guess of waiting) await expect(guess).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
