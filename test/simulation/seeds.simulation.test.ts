import { expect, test } from 'vitest';

import { runAskedSeeds } from './run/seeds.ts';

test('everything agrees after the faults of every seed', async () => {
  const failures = await runAskedSeeds();
  expect(failures.join('\n\n')).toBe('');
});
