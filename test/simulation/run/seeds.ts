import { availableParallelism } from 'node:os';

import { withThreads } from './threads.ts';

/** `SEEDS=20000` says how many, `SEED=7` is the first one, and alone the only one, which is then told step by step. */
const only = process.env['SEED'] !== undefined && process.env['SEEDS'] === undefined;
const first = Number(process.env['SEED'] ?? 1);
const count = only ? 1 : Number(process.env['SEEDS'] ?? 300);
/** Seeds that run at once. */
export const THREADS = Number(process.env['THREADS'] ?? availableParallelism());
/** Failures after which a run ends: the others are most likely the same. */
const MAX_FAILURES = 3;

/** Runs the seeds that were asked for; answers what is wrong, and how to see each step of it again. */
export async function runAskedSeeds(): Promise<string[]> {
  const failures: string[] = [];
  let done = 0;

  function* seeds(): Generator<number> {
    for (let seed = first; seed < first + count && failures.length < MAX_FAILURES; seed += 1) yield seed;
  }

  await withThreads(seeds(), Math.min(THREADS, count), async (seed, thread) => {
    const { troubles, traceFile, last } = await thread.run({ seed, isTraced: only });
    done += 1;
    if (troubles.length === 0) return;
    const replay = `every step is in ${traceFile}, and again with make test-simulation SEED=${seed}`;
    failures.push([`seed ${seed}: ${troubles.join('\n  ')}`, replay, ...last].join('\n'));
  });
  console.log(`${done} seeds of the simulation, ${failures.length} failures`);
  return failures;
}
