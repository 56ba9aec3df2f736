import { expect, test } from 'vitest';
import { createLongTurn } from './long-answer.ts';

test('an answer waits for its turn once, when it has become a long one', async () => {
  let turns = 0;
  const turn = createLongTurn(async () => void (turns += 1));
  await turn(512 * 1024);
  expect(turns).toBe(0);
  await turn(512 * 1024 + 1);
  await turn(1024 * 1024);
  expect(turns).toBe(1);
});

test('without turns nothing waits', async () => {
  await expect(createLongTurn(undefined)(1024 * 1024)).resolves.toBeUndefined();
});
