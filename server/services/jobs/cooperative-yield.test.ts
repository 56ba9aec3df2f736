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
