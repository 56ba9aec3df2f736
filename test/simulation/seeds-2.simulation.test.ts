import { expect, test } from 'vitest';

import { runPart } from './run/seeds.ts';

test('everything agrees after the faults of every second seed', async () => {
  const failures = await runPart(1, 2);
  expect(failures.join('\n\n')).toBe('');
});
