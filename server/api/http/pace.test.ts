import { expect, it } from 'vitest';
import { turnsUntil } from '../../../test/harness/timing/event-loop-turns.ts';
import { createPace } from './pace.ts';

it('of many that could go on together some do in each turn', async () => {
  const pace = createPace(8);
  const turns = await Promise.all(Array.from({ length: 80 }, () => turnsUntil(pace('ann'))));
  const together = new Map<number, number>();
  for (const turn of turns) together.set(turn, (together.get(turn) ?? 0) + 1);
  expect(Math.max(...together.values())).toBe(8);
  expect(together.size).toBe(10);
});

it('who comes alone waits behind each of the others once', async () => {
  const pace = createPace(1);
  const crowd = Array.from({ length: 100 }, () => pace('crowd'));
  expect(await turnsUntil(pace('ann'))).toBeLessThan(5);
  await Promise.all(crowd);
});
