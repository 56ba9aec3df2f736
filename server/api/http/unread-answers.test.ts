import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUnreadAnswers } from './unread-answers.ts';

const never = new AbortController().signal;

test('who has read everything may always have another answer', () => {
  const unread = createUnreadAnswers({ all: 100, each: 10 });
  unread.add('ann', 1_000);
  expect(unread.hasRoom('bob')).toBe(true);
  expect(unread.hasRoom('ann')).toBe(false);
});

test('who has read little waits until enough was read', async () => {
  const unread = createUnreadAnswers({ all: 1_000, each: 10 });
  const first = unread.add('ann', 8);
  const second = unread.add('ann', 8);
  let isThrough = false;
  const waiting = unread.whenRoom('ann', never).then(() => (isThrough = true));
  await Promise.resolve();
  expect(isThrough).toBe(false);
  first();
  await waiting;
  expect(unread.hasRoom('ann')).toBe(true);
  second();
  expect(unread.total()).toBe(0);
});

test('what all have not read holds back those who hold a part of it', () => {
  const unread = createUnreadAnswers({ all: 20, each: 15 });
  unread.add('ann', 14);
  unread.add('bob', 14);
  expect(unread.hasRoom('ann')).toBe(false);
  expect(unread.hasRoom('bob')).toBe(false);
  expect(unread.hasRoom('eve')).toBe(true);
});

test('who hangs up waits no longer', async () => {
  const unread = createUnreadAnswers({ all: 20, each: 5 });
  unread.add('ann', 14);
  const hangUp = new AbortController();
  const waiting = unread.whenRoom('ann', hangUp.signal);
  hangUp.abort();
  await waiting;
  expect(unread.hasRoom('ann')).toBe(false);
});

test('nothing is left on the count when everything was taken, in whatever order and however often', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('ann', 'bob', 'eve'), fc.nat(50)), { maxLength: 40 }), (answers) => {
      const unread = createUnreadAnswers({ all: 100, each: 30 });
      const taken = answers.map(([holder, bytes]) => unread.add(holder, bytes));
      expect(unread.total()).toBe(answers.reduce((sum, [, bytes]) => sum + bytes, 0));
      [...taken.toReversed(), ...taken].forEach((take) => take());
      expect(unread.total()).toBe(0);
      expect(['ann', 'bob', 'eve'].every((holder) => unread.hasRoom(holder))).toBe(true);
    }),
  );
});
