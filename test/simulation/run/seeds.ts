import { availableParallelism } from 'node:os';

import { withThreads } from './threads.ts';

/** `SEEDS=20000` is the number of seeds, `SEED=7` the first one; alone it is the only one, and its trace is written. */
const only = process.env['SEED'] !== undefined && process.env['SEEDS'] === undefined;
const first = Number(process.env['SEED'] ?? 1);
const count = only ? 1 : Number(process.env['SEEDS'] ?? 300);
/** Seeds that run in parallel. */
export const THREADS = Number(process.env['THREADS'] ?? availableParallelism());
/** A run ends after this many failures: further ones most likely have the same cause. */
const MAX_FAILURES = 3;

/** Runs the requested seeds; returns the failures, and how to replay each. */
export async function runAskedSeeds(): Promise<string[]> {
  const failures: string[] = [];
  let done = 0;

  function* seeds(): Generator<number> {
    for (let seed = first; seed < first + count && failures.length < MAX_FAILURES; seed += 1) yield seed;
  }

  await withThreads(seeds(), Math.min(THREADS, count), async (seed, thread) => {
    const { problems, traceFile, last } = await thread.run({ seed, isTraced: only });
    done += 1;
    if (problems.length === 0) return;
    const replay = `every step is in ${traceFile}, and again with make test-simulation SEED=${seed}`;
    failures.push([`seed ${seed}: ${problems.join('\n  ')}`, replay, ...last].join('\n'));
  });
  console.log(`${done} seeds of the simulation, ${failures.length} failures`);
  return failures;
}
