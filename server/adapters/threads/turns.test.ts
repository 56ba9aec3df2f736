import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('who wants many places waits behind each of the others once', async () => {
  const turns = createTurns(1);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (name: string) => turns.take(name.charAt(0), async () => void order.push(name));
  const first = turns.take('a', () => gate.promise);
  const others = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map(work);
  expect(turns.waiting()).toBe(6);
  gate.resolve();
  await Promise.all([first, ...others]);
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  expect(turns.waiting()).toBe(0);
});

test('work that fails gives its place back', async () => {
  const turns = createTurns(1);
  await expect(turns.take('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.take('a', () => Promise.resolve(1))).toBe(1);
});
