import { expect, test } from 'vitest';

import { runPart } from './run/seeds.ts';

test('everything agrees after the faults of every first seed', async () => {
  const failures = await runPart(0, 2);
  expect(failures.join('\n\n')).toBe('');
});
