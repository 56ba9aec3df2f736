import { expect, test } from 'vitest';

import { missedViolations } from './check-imports.ts';

const expected = [{ rule: 'no-cycle', from: 'a.ts' }];

test('an expected violation that was reported is not missed', () => {
  expect(missedViolations(expected, [{ rule: 'no-cycle', from: 'a.ts', to: 'b.ts' }])).toEqual([]);
});

test('a violation reported for another file or by another rule does not count', () => {
  const found = [
    { rule: 'no-cycle', from: 'b.ts', to: 'a.ts' },
    { rule: 'not-in-allowed', from: 'a.ts', to: 'b.ts' },
  ];
  expect(missedViolations(expected, found)).toEqual(["the canary's a.ts should break no-cycle, and was let through"]);
});
