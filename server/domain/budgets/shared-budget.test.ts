import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSharedBudget } from './shared-budget.ts';

test('no holder has more than its part, all of them no more than there is, and what is given back is free', () => {
  const step = fc.record({
    holder: fc.constantFrom('a', 'b', 'c'),
    amount: fc.integer({ min: 1, max: 40 }),
    giveBack: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = createSharedBudget({ all: 100, each: 60 });
      const held: { holder: string; amount: number; release: () => void }[] = [];
      for (const { holder, amount, giveBack } of steps) {
        const mine = held.filter((one) => one.holder === holder).reduce((sum, one) => sum + one.amount, 0);
        const all = held.reduce((sum, one) => sum + one.amount, 0);
        const release = budget.take(holder, amount);
        expect(release !== null).toBe(mine + amount <= 60 && all + amount <= 100);
        if (release !== null) {
          held.push({ holder, amount, release });
        }
        if (giveBack) {
          const first = held.shift();
          first?.release();
          first?.release();
        }
      }
      held.forEach(({ release }) => release());
      expect([budget.taken(), budget.holders()]).toEqual([0, 0]);
    }),
  );
});
