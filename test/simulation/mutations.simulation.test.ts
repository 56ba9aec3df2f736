import { expect, test } from 'vitest';

import { findFault } from './run/find-fault.ts';
import { MUTATIONS } from './run/mutations.ts';
import { THREADS } from './run/seeds.ts';
import { withThreads } from './run/threads.ts';

/** `FAULTS=all` looks for those, too, for which no seed is known yet. */
const isAll = process.env['FAULTS'] === 'all';

test('every fault that is put into the sources is found', async () => {
  const missed: string[] = [];
  const wanted = MUTATIONS.filter(({ seed }) => isAll || seed !== undefined);
  await withThreads(wanted, THREADS, async (mutation, thread) => {
    const seed = await findFault(mutation, thread);
    if (seed === 0) missed.push(mutation.fault);
    else if (seed !== mutation.seed) console.log(`"${mutation.fault}" is found by seed ${seed}`);
  });
  expect(missed).toEqual([]);
});
