import type { Mutation } from './mutation.ts';
import type { SeedThread } from './threads.ts';

/** Seeds that have to find a fault between them. */
const MAX_SEEDS = 300;

/** The seed that finds a fault: the known one, or after changes of the code the first that does; 0: none. */
export async function findFault({ patch, seed: known }: Mutation, thread: SeedThread): Promise<number> {
  const all = Array.from({ length: MAX_SEEDS }, (_, at) => at + 1);
  const seeds = known === undefined ? all : [known, ...all.filter((seed) => seed !== known)];
  for (const seed of seeds) {
    if ((await thread.run({ seed, patch })).troubles.length > 0) return seed;
  }
  return 0;
}
