import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';

import { createPatchedModules, type Patch } from './patch.ts';
import type { runSeed } from './run-seed.ts';
import type { SeedOrder, SeedReport } from './seed-report.ts';

/** The program of a thread that runs one seed after the other. */

const PROGRAM = new URL('./run-seed.ts', import.meta.url);
const FOLDER = join(import.meta.dirname, '../../../.cache/simulation');
/** Lines of the trace shown with a failure. */
const SHOWN = 60;

const modules = createPatchedModules();
/** The program that ran last, and its patch. */
let program: { patch: string; runSeed: typeof runSeed } | undefined;

async function programOf(patch: Patch | undefined): Promise<typeof runSeed> {
  const key = patch === undefined ? '' : JSON.stringify(patch);
  if (program?.patch !== key) {
    const loaded = await (patch === undefined ? import(PROGRAM.href) : modules.load(PROGRAM, patch));
    program = { patch: key, runSeed: (loaded as { runSeed: typeof runSeed }).runSeed };
  }
  return program.runSeed;
}

async function run({ seed, isTraced = false, patch, emphasis }: SeedOrder): Promise<SeedReport> {
  const runOne = await programOf(patch);
  const { problems, trace, events } = await runOne(seed, emphasis);
  const report = { seed, problems, events, digest: trace.digest(), last: trace.lines(SHOWN) };
  if (!isTraced && (problems.length === 0 || patch !== undefined)) return report;
  mkdirSync(FOLDER, { recursive: true });
  const traceFile = join(FOLDER, `${seed}.trace`);
  writeFileSync(traceFile, `${trace.lines().join('\n')}\n`);
  return { ...report, traceFile };
}

parentPort?.on('message', (order: SeedOrder) => {
  run(order).then(
    (report) => parentPort?.postMessage(report),
    (error: unknown) => {
      throw error;
    },
  );
});
