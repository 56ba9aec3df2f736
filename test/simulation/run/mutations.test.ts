import { expect, test } from 'vitest';

import { MUTATIONS } from './mutations.ts';
import { patched } from './patch.ts';

/** Otherwise a mutation that CI does not run would silently no longer fit the sources. */
test.each(MUTATIONS)('the sources contain what is replaced exactly once: $fault', ({ patch }) => {
  expect(() => patched(patch)).not.toThrow();
  expect(patch.to).not.toBe(patch.from);
});

test('each mutation has a name of its own', () => {
  const names = MUTATIONS.map(({ fault }) => fault);
  expect(new Set(names).size).toBe(names.length);
});
