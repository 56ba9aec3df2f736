import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { MUTATIONS } from './mutations.ts';

const TOP = join(import.meta.dirname, '../../..');

/** Otherwise a mutation that CI does not run would silently no longer fit the sources. */
test.each(MUTATIONS)('the sources contain what is replaced exactly once: $fault', ({ patch: { file, from, to } }) => {
  const parts = readFileSync(join(TOP, file), 'utf8').split(from);
  expect(parts).toHaveLength(2);
  expect(to).not.toBe(from);
});

test('each mutation has a name of its own', () => {
  const names = MUTATIONS.map(({ fault }) => fault);
  expect(new Set(names).size).toBe(names.length);
});
