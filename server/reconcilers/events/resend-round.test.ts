import { expect, it } from 'vitest';
import { createResendRound } from './resend-round.ts';

const KEYS = Array.from({ length: 10 }, (_, i) => `demo/r${i}`);

it('spreads a round evenly over the period', () => {
  const round = createResendRound(1_000, 0);
  const shares = [100, 200, 500, 900, 1_000].map((now) => round.due(now, () => KEYS).length);
  expect(shares).toEqual([1, 1, 3, 4, 1]);
});

it('reaches every release once in every period', () => {
  const round = createResendRound(1_000, 0);
  const first = [300, 600, 1_000].flatMap((now) => round.due(now, () => KEYS));
  const second = [1_300, 2_000].flatMap((now) => round.due(now, () => KEYS));
  expect(first).toEqual(KEYS);
  expect(second).toEqual(KEYS);
});

it('catches up after a pause', () => {
  expect(createResendRound(1_000, 0).due(60_000, () => KEYS)).toEqual(KEYS);
});
