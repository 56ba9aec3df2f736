import { expect, test } from 'vitest';
import { RELEASES } from '../../../contract/schemas/access.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { person } from '../../../test/harness/fakes/person.ts';
import { createAuthorization } from './authorization.ts';
import { createBoundedReviews } from './bounded-reviews.ts';

const greedy = person('greedy');
const honest = person('honest');

/** Access reviews that are answered when the test says so. */
function stage(max: number) {
  const reviews = createMemoryAccessReviews([]);
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const answer = ({ user }: Caller) => {
    asked.push(user);
    return new Promise<boolean>((resolve) => answers.push(() => resolve(true)));
  };
  const bounded = createBoundedReviews({ reviews: { ...reviews, allows: answer, allowsSome: answer }, max });
  const authorization = createAuthorization({
    reviews: bounded.requests,
    taskReviews: bounded.tasks,
    clock: createManualClock(),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { authorization, bounded, asked, answers, settle };
}

const about = (namespace: number) => questionOf({ verb: 'get', ...RELEASES }, `n-${namespace}`);

test('who asks about a thousand namespaces has a quarter of the questions, and keeps nobody waiting', async () => {
  const { authorization, asked, answers, settle } = stage(8);
  const flood = Array.from({ length: 1000 }, (_, i) => authorization.may(greedy, about(i)));
  // Another token of the same user counts as the same user.
  const extra = { ...greedy, extra: { 'credential-id': ['2'] } };
  flood.push(...Array.from({ length: 100 }, (_, i) => authorization.may(extra, about(i))));
  await settle();
  expect(asked).toEqual(['greedy', 'greedy']);
  const other = authorization.may(honest, about(0));
  await settle();
  expect(asked).toEqual(['greedy', 'greedy', 'honest']);
  answers[2]?.();
  expect(await other).toBe(true);
  for (let i = 0; i < flood.length + 1; i += 1) {
    answers[i]?.();
    if (i % 2 === 1) await settle();
  }
  expect(new Set(await Promise.all(flood))).toEqual(new Set([true]));
});

test('a task that starts waits behind no request, and is never refused', async () => {
  const { authorization, asked, settle } = stage(4);
  const flood = Array.from({ length: 20_001 }, (_, i) => authorization.may(greedy, about(i)));
  await settle();
  await expect(authorization.may(greedy, about(-1))).rejects.toMatchObject({ code: 'TOO_MANY_REVIEWS', status: 429 });
  const order = { kind: 'rollback', revision: 1 } as const;
  void authorization.demandTask({ namespace: 'demo', release: 'web', order, caller: greedy }, true);
  await settle();
  expect(asked).toHaveLength(2);
  expect(flood).toHaveLength(20_001);
});

test('a token that was valid lately is reviewed in the turn of its caller', async () => {
  const { authorization, bounded, asked, settle } = stage(4);
  void authorization.may(greedy, about(0));
  await settle();
  let known = false;
  void bounded.identifyAgain('greedy', 't').then(() => (known = true));
  expect(await bounded.identifyAgain('honest', 't')).toBeNull();
  await settle();
  expect([asked, known]).toEqual([['greedy'], false]);
});
