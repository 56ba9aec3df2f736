import { expect, test } from 'vitest';
import { createFairGate } from './fair-gate.ts';

/** A gate, and work that continues until the test ends it. */
function stage({ all, each, waiting }: { all: number; each: number; waiting: number }) {
  const refusal = (holder: string) => new Error(`too much of ${holder}`);
  const gate = createFairGate({ all, each, line: { max: waiting, refusal } });
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const begin = (holder: string, name: string) =>
    gate.run(holder, () => {
      started.push(name);
      return new Promise<string>((resolve) => ends.push(() => resolve(name)));
    });
  const endOne = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    ends.shift()?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { gate, started, begin, endOne };
}

test('so much is under way at once, and of one holder so much', async () => {
  const { gate, started, begin, endOne } = stage({ all: 3, each: 2, waiting: 100 });
  const work = [1, 2, 3, 4].map((i) => begin('a', `a${i}`));
  const other = begin('b', 'b1');
  await Promise.resolve();
  expect(started).toEqual(['a1', 'a2', 'b1']);
  expect(gate.load()).toEqual({ running: 3, waiting: 2 });
  for (let i = 0; i < 5; i += 1) await endOne();
  expect(await Promise.all([...work, other])).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  expect(gate.load()).toEqual({ running: 0, waiting: 0 });
});

test('holders take turns, however many wait for one', async () => {
  const { started, begin, endOne } = stage({ all: 1, each: 1, waiting: 100 });
  const work = [1, 2, 3, 4].map((i) => begin('greedy', `g${i}`));
  work.push(begin('ann', 'ann1'), begin('bob', 'bob1'), begin('ann', 'ann2'));
  for (let i = 0; i < 7; i += 1) await endOne();
  await Promise.all(work);
  expect(started).toEqual(['g1', 'g2', 'ann1', 'bob1', 'g3', 'ann2', 'g4']);
});

test('a caller with too many waiting requests is refused, and no other', async () => {
  const { begin, endOne } = stage({ all: 1, each: 1, waiting: 1 });
  const first = begin('a', 'a1');
  const second = begin('a', 'a2');
  await expect(begin('a', 'a3')).rejects.toThrow('too much of a');
  const other = begin('b', 'b1');
  for (let i = 0; i < 3; i += 1) await endOne();
  expect(await Promise.all([first, second, other])).toEqual(['a1', 'a2', 'b1']);
});

test('work that fails gives its place back', async () => {
  const gate = createFairGate({ all: 1, each: 1 });
  await expect(gate.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(
    gate.run('a', () => {
      throw new Error('at once');
    }),
  ).rejects.toThrow('at once');
  expect(await gate.run('a', () => Promise.resolve(1))).toBe(1);
  expect(gate.load()).toEqual({ running: 0, waiting: 0 });
});
