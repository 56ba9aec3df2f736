import { expect, test } from 'vitest';

import { MUTATIONS } from './mutations.ts';
import { runSeed } from './run-seed.ts';

/** Many times as many as it takes: what is random may take long. */
const MAX_SEEDS = 200;

test.each(Object.entries(MUTATIONS))('it is found when %s', async (_, mutation) => {
  let seed = 0;
  let troubles: string[] = [];
  while (troubles.length === 0 && seed < MAX_SEEDS) {
    seed += 1;
    ({ troubles } = await runSeed(seed, mutation));
  }
  expect(troubles, `none of ${seed} seeds found it`).not.toEqual([]);
  // The same seed has nothing to say of the product as it is.
  expect((await runSeed(seed)).troubles).toEqual([]);
});
