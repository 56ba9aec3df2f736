import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runSeed } from './run-seed.ts';

/** `SEEDS=20000` sets how many, `SEED=7` the first one; `SEED` alone runs only that one and prints each step. */
const only = process.env['SEED'] !== undefined && process.env['SEEDS'] === undefined;
const first = Number(process.env['SEED'] ?? 1);
const count = only ? 1 : Number(process.env['SEEDS'] ?? 300);
const FOLDER = join(import.meta.dirname, '../../../.cache/simulation');
/** Failures after which a run ends: the others are most likely the same. */
const MAX_FAILURES = 3;
/** Lines of a trace that are shown of a failure. */
const SHOWN = 60;

/** Runs every `of`th seed from the `part`th on; returns what is wrong, and the command that shows each step. */
export async function runPart(part: number, of: number): Promise<string[]> {
  const failures: string[] = [];
  let done = 0;
  for (let seed = first + part; seed < first + count; seed += of) {
    const { troubles, trace } = await runSeed(seed);
    done += 1;
    if (only || troubles.length > 0) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(join(FOLDER, `${seed}.trace`), `${trace.lines().join('\n')}\n`);
    }
    if (troubles.length > 0) {
      const replay = `every step is in .cache/simulation/${seed}.trace, and again with make test-simulation SEED=${seed}`;
      failures.push([`seed ${seed}: ${troubles.join('\n  ')}`, replay, ...trace.lines(SHOWN)].join('\n'));
    }
    if (failures.length >= MAX_FAILURES) break;
  }
  console.log(`${done} seeds of the simulation, ${failures.length} failures`);
  return failures;
}
