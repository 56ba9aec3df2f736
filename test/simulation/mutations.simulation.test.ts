import { expect, test } from 'vitest';

import { findFault } from './run/find-fault.ts';
import { MUTATIONS } from './run/mutations.ts';
import { THREADS } from './run/seeds.ts';
import { withThreads } from './run/threads.ts';

test('every fault that is put into the sources is found', async () => {
  const missed: string[] = [];
  await withThreads(MUTATIONS, THREADS, async (mutation, thread) => {
    const seed = await findFault(mutation, thread);
    if (seed === 0) missed.push(mutation.fault);
    else if (seed !== mutation.seed)
      console.log(`"${mutation.fault}" is found by seed ${seed}, not by ${mutation.seed}`);
  });
  expect(missed).toEqual([]);
});
