import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { ROOT } from './source-files.ts';
import { formatCounts, totalCounts } from './suites/suite-counts.ts';
import { LOG_FOLDER, logPath, runSuite } from './suites/suite-process.ts';
import type { SuiteResult } from './suites/suite-process.ts';
import { nextSteps } from './suites/suite-schedule.ts';
import type { Progress } from './suites/suite-schedule.ts';
import { SUITES } from './suites/suites.ts';
import type { Suite } from './suites/suites.ts';

/** Lines of a failed suite's log that are shown at the end. */
const TAIL_LINES = 60;
const ALIVE_MS = 30_000;

/** The suites that the command line names: all of them, those of the inner loop (`--inner`), or the given ones. */
function chosenSuites(args: readonly string[]): Suite[] {
  if (args.length === 0) return [...SUITES];
  if (args.includes('--inner')) return SUITES.filter(({ inner }) => inner === true);
  const unknown = args.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(`no suite ${unknown.join(', ')}; there are: ${SUITES.map(({ name }) => name).join(', ')}`);
  }
  return SUITES.filter(({ name }) => args.includes(name));
}

/** Runs the suites, in parallel as far as the cores allow, printing a line when each starts and ends. */
async function runAll(suites: readonly Suite[], signal: AbortSignal): Promise<Map<Suite, SuiteResult>> {
  const cores = Math.max(2, availableParallelism());
  const results = new Map<Suite, SuiteResult>();
  const progress = new Map<string, 'running' | 'passed' | 'failed'>() satisfies Progress;
  const running = new Map<string, Promise<void>>();
  const startedAt = performance.now();
  const say = (text: string): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`[${`${seconds}`.padStart(4)}s] ${text}`);
  };
  const alive = setInterval(() => say(`  ...  still running: ${[...running.keys()].join(', ')}`), ALIVE_MS);

  const settle = (suite: Suite, result: SuiteResult): void => {
    const passed = result.counts.failed === 0;
    results.set(suite, result);
    progress.set(suite.name, passed ? 'passed' : 'failed');
    running.delete(suite.name);
    const took = `${result.seconds.toFixed(1)} s`.padStart(8);
    say(`${passed ? 'passed' : 'FAILED'} ${suite.name.padEnd(20)} ${took}  ${formatCounts(result.counts)}`);
  };

  while (results.size < suites.length) {
    const { start, impossible } = nextSteps(suites, progress, cores);
    for (const { suite, because } of impossible) {
      say(`       ${suite.name} cannot run: ${because} failed`);
      settle(suite, { counts: { passed: 0, failed: 1, skipped: 0 }, seconds: 0, failedTests: [] });
    }
    for (const suite of start) {
      say(`start  ${suite.name}`);
      progress.set(suite.name, 'running');
      running.set(
        suite.name,
        runSuite(suite, signal).then((result) => settle(suite, result)),
      );
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  clearInterval(alive);
  return results;
}

function printTail(suite: Suite): void {
  let log: string;
  try {
    log = readFileSync(join(ROOT, logPath(suite)), 'utf8');
  } catch {
    return;
  }
  console.log(
    `\n--- ${suite.name}: the end of ${logPath(suite)}\n${log.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')}`,
  );
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
const results = await runAll(chosenSuites(process.argv.slice(2)), interrupted.signal);
for (const [suite, { counts }] of results) if (counts.failed > 0) printTail(suite);
// Printed last, so that the end of a long output shows what failed.
for (const [{ name }, { failedTests }] of results)
  for (const test of failedTests) console.log(`failed: ${name}: ${test}`);
const total = totalCounts([...results.values()].map(({ counts }) => counts));
writeFileSync(join(ROOT, LOG_FOLDER, 'summary'), `${formatCounts(total)}\n`);
console.log(`\n${formatCounts(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
