import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

import { ROOT } from '../source-files.ts';
import { gatherGoFailures } from './go-failures.ts';
import type { GoFailures } from './go-failures.ts';
import { readGoTestLine, settleCounts, vitestCounts, vitestFailures } from './suite-counts.ts';
import type { Counts } from './suite-counts.ts';
import type { Suite } from './suites.ts';

/** Folder of the logs, from the root of the checkout. */
export const LOG_FOLDER = '.cache/test-logs';

/** Result of one suite. */
export interface SuiteResult {
  counts: Counts;
  seconds: number;
  /** Names of the tests that failed, if the suite reports them. */
  failedTests: readonly string[];
}

/** Path of a suite's log, from the root of the checkout. */
export function logPath(suite: Suite): string {
  return `${LOG_FOLDER}/${suite.name}.log`;
}

/** Runs one suite to its end, with its output in its log. Aborting the signal kills the suite and its children. */
export async function runSuite(suite: Suite, signal: AbortSignal): Promise<SuiteResult> {
  const startedAt = performance.now();
  mkdirSync(join(ROOT, LOG_FOLDER), { recursive: true });
  const log = createWriteStream(join(ROOT, logPath(suite)));
  const reportFile = join(ROOT, LOG_FOLDER, `${suite.name}.json`);
  rmSync(reportFile, { force: true });
  const [program, ...args] = suite.command;
  const reporters =
    suite.counting === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`] : [];
  const child = spawn(program, [...args, ...reporters], {
    cwd: join(ROOT, suite.folder ?? '.'),
    // Its own process group, so that everything it started is killed with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NO_COLOR: '1',
      PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    },
  });
  const { counts, failures } = collectOutput(suite, child, log);
  const exitCode = await ended(child, AbortSignal.any([signal, AbortSignal.timeout(suite.limitMinutes * 60_000)]), log);
  await new Promise((resolve) => log.end(resolve));

  const seconds = (performance.now() - startedAt) / 1000;
  const report = suite.counting === 'vitest' && existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined;
  const counted = report === undefined ? counts : vitestCounts(report);
  return {
    counts: suite.counting === 'check' ? checkCounts(exitCode) : settleCounts(counted, exitCode),
    seconds,
    failedTests: report === undefined ? failures.names() : vitestFailures(report),
  };
}

function checkCounts(exitCode: number | null): Counts {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Writes the child's output into the log; counts the events of `go test -json` and collects their failures. */
function collectOutput(suite: Suite, child: ChildProcess, log: WriteStream): { counts: Counts; failures: GoFailures } {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = gatherGoFailures();
  child.stderr?.on('data', (chunk) => log.write(chunk));
  if (child.stdout === null) return { counts, failures };
  if (suite.counting !== 'go-test') {
    child.stdout.on('data', (chunk) => log.write(chunk));
    return { counts, failures };
  }
  createInterface({ input: child.stdout })
    .on('line', (text) => {
      const line = readGoTestLine(text);
      log.write(line.output);
      failures.add(line);
      if (line.outcome !== undefined) counts[line.outcome] += 1;
    })
    // The end of the log is shown for a failed suite.
    .on('close', () => log.write(failures.text()));
  return { counts, failures };
}

/** Resolves with the exit code once the child's output is complete, null if it was killed or never started. */
function ended(child: ChildProcess, signal: AbortSignal, log: WriteStream): Promise<number | null> {
  return new Promise((resolve) => {
    const kill = (): void => {
      log.write('\nkilled: the time limit passed, or the run was interrupted\n');
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill, { once: true });
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      resolve(null);
    });
    child.once('close', (code) => {
      signal.removeEventListener('abort', kill);
      resolve(code);
    });
  });
}
