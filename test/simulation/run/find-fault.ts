import { KINDS } from './emphasis.ts';
import type { Mutation } from './mutation.ts';
import type { SeedThread } from './threads.ts';

/**
 * The seed that finds a fault in the kind of run in which it is frequent; 0 if none of `maxSeeds` does. A fault that a
 * tenth of the seeds find is missed by 60 of them once in 500 times.
 */
export async function findFault(
  { patch, under = KINDS.usual }: Mutation,
  thread: SeedThread,
  maxSeeds: number,
): Promise<number> {
  for (let seed = 1; seed <= maxSeeds; seed += 1) {
    if ((await thread.run({ seed, patch, emphasis: under })).problems.length > 0) return seed;
  }
  return 0;
}
