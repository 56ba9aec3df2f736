import { beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import { createTtlCache, type TtlCache } from './ttl-cache.ts';

let clock: ManualClock;
let memory: TtlCache<number>;
let asked = 0;
const ask = () => Promise.resolve((asked += 1));

beforeEach(() => {
  clock = createManualClock();
  asked = 0;
  memory = createTtlCache({ clock, max: 2, lifeMs: (answer) => (answer === 3 ? 1_000 : 5_000) });
});

test('asks once while the answer is good', async () => {
  expect(await memory.get('a', ask)).toBe(1);
  await clock.advance(4_999);
  expect(await memory.get('a', ask)).toBe(1);
  await clock.advance(1);
  expect(await memory.get('a', ask)).toBe(2);
});

test('an answer is good for as long as it says', async () => {
  asked = 2;
  expect(await memory.get('a', ask)).toBe(3);
  await clock.advance(1_000);
  expect(await memory.get('a', ask)).toBe(4);
});

test('who asks at the same time shares the question', async () => {
  expect(await Promise.all([memory.get('a', ask), memory.get('a', ask)])).toEqual([1, 1]);
});

test('asks again on request, and caches that answer', async () => {
  await memory.get('a', ask);
  expect(await memory.get('a', ask, true)).toBe(2);
  expect(await memory.get('a', ask)).toBe(2);
});

test('forgets the oldest, and every failure', async () => {
  await memory.get('a', ask);
  await memory.get('b', ask);
  await memory.get('c', ask);
  expect(await memory.get('b', ask)).toBe(2);
  expect(await memory.get('a', ask)).toBe(4);
  await expect(memory.get('d', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await memory.get('d', ask)).toBe(5);
});

test('who asks again and again is given what is known while it is asked for again', async () => {
  await memory.get('a', ask);
  await clock.advance(2_499);
  expect([await memory.get('a', ask), asked]).toEqual([1, 1]);
  await clock.advance(1);
  const slow = Promise.withResolvers<number>();
  let questions = 0;
  const askSlowly = (): Promise<number> => {
    questions += 1;
    return slow.promise;
  };
  expect(await memory.get('a', askSlowly)).toBe(1);
  expect(await memory.get('a', askSlowly)).toBe(1);
  expect(questions).toBe(1);
  slow.resolve(7);
  await clock.advance(2_500);
  expect(await memory.get('a', askSlowly)).toBe(7);
});

test('what is asked for again and fails is good until its end, and no longer', async () => {
  const away = () => Promise.reject(new Error('away'));
  await memory.get('a', ask);
  await clock.advance(3_000);
  expect(await memory.get('a', away)).toBe(1);
  await clock.advance(1_999);
  expect(await memory.get('a', away)).toBe(1);
  await clock.advance(1);
  await expect(memory.get('a', away)).rejects.toThrow('away');
});
