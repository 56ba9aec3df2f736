import { expect, test } from 'vitest';
import { createYieldTurn } from './cooperative-yield.ts';

test('others go on once the parts took long enough, and not before', async () => {
  let now = 0;
  const yieldTurn = createYieldTurn({ now: () => now });
  const seen: string[] = [];
  setImmediate(() => seen.push('other'));
  for (let part = 0; part < 4; part += 1) {
    now += 3;
    await yieldTurn();
    seen.push(`part ${part}`);
  }
  expect(seen).toEqual(['part 0', 'part 1', 'part 2', 'other', 'part 3']);
});

test('many that take long share each turn of the event loop, and what is nearly done goes before them', async () => {
  let now = 0;
  const clock = { now: () => now };
  const seen: string[] = [];
  async function work(name: string, parts: number): Promise<void> {
    const yieldTurn = createYieldTurn(clock);
    for (let part = 0; part < parts; part += 1) {
      now += 10;
      await yieldTurn();
      seen.push(name);
    }
  }
  const turns: number[] = [];
  let isOver = false;
  const turn = (): void => {
    turns.push(now);
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const long = Promise.all(Array.from({ length: 20 }, (_, i) => work(`long ${i}`, 10)));
  while (seen.length < 30) await new Promise((resolve) => setImmediate(resolve));
  const before = seen.length;
  await work('short', 2);
  expect(seen.length - before).toBeLessThan(20);
  await long;
  isOver = true;
  const longest = Math.max(...turns.slice(2).map((at, i) => at - (turns[i + 1] ?? 0)));
  expect(longest).toBeLessThanOrEqual(20);
  // The longest wait ends as well.
  expect(seen.filter((name) => name === 'long 19')).toHaveLength(10);
});
