import { expect, test } from 'vitest';

import { MUTATIONS } from './run/mutations.ts';
import { runSeed } from './run/run-seed.ts';

/** Many times the usual number: random runs may take long. */
const MAX_SEEDS = 200;

test.each(Object.entries(MUTATIONS))('it is found when %s', async (_, mutation) => {
  let seed = 0;
  let troubles: string[] = [];
  while (troubles.length === 0 && seed < MAX_SEEDS) {
    seed += 1;
    ({ troubles } = await runSeed(seed, mutation));
  }
  expect(troubles, `none of ${seed} seeds found it`).not.toEqual([]);
  // The same seed finds nothing wrong with the real product.
  expect((await runSeed(seed)).troubles).toEqual([]);
});
