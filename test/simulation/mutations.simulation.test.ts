import { expect, test } from 'vitest';

import { type Emphasis, KINDS } from './run/emphasis.ts';
import { findFault } from './run/find-fault.ts';
import { MUTATIONS } from './run/mutations.ts';
import { THREADS } from './run/seeds.ts';
import { withThreads } from './run/threads.ts';

/** `FAULTS=all` also looks for those that are found too rarely for CI. */
const isAll = process.env['FAULTS'] === 'all';
const MAX_SEEDS = 60;
/** For faults that are rare in every kind of run. */
const MAX_RARE_SEEDS = 300;
/** Seeds of each kind of run without a fault: what finds everything finds nothing. */
const SOUND_SEEDS = 2;

test('every fault that is put into the sources is found', async () => {
  const missed: string[] = [];
  const wanted = MUTATIONS.filter(({ under, covered }) => covered === undefined && (isAll || under !== undefined));
  await withThreads(wanted, THREADS, async (mutation, thread) => {
    const maxSeeds = mutation.under === undefined ? MAX_RARE_SEEDS : MAX_SEEDS;
    const seed = await findFault(mutation, thread, maxSeeds);
    if (seed === 0) missed.push(mutation.fault);
    else if (isAll) console.log(`seed ${seed} finds: ${mutation.fault}`);
  });
  expect(missed).toEqual([]);
});

test('without a fault, the same kinds of runs find nothing', async () => {
  const kinds = new Map(
    [...Object.values(KINDS), ...MUTATIONS.map(({ under }) => under)].flatMap((kind: Emphasis | undefined) =>
      kind === undefined ? [] : [[JSON.stringify(kind), kind] as const],
    ),
  );
  const failures: string[] = [];
  await withThreads(kinds, THREADS, async ([name, emphasis], thread) => {
    for (let seed = 1; seed <= SOUND_SEEDS; seed += 1) {
      const { problems } = await thread.run({ seed, emphasis });
      if (problems.length > 0) failures.push(`seed ${seed} of ${name}: ${problems.join('; ')}`);
    }
  });
  expect(failures).toEqual([]);
});
