/** Numbers of tests, or of checks, by outcome. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The closing line of a run: `12 passed, 0 failed`, and `, 3 skipped` where tests were skipped. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Sum of all counts. */
export function totalCounts(all: Iterable<Counts>): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/**
 * The counts of a suite as its exit code completes them: a program that failed without a failed test (it did not
 * compile, it crashed) counts one failure, and so does a suite that ran no test at all.
 */
export function settleCounts(counts: Counts, exitCode: number | null): Counts {
  const nothingRan = counts.passed + counts.failed === 0;
  if (counts.failed === 0 && (exitCode !== 0 || nothingRan)) return { ...counts, failed: 1 };
  return counts;
}

/** Counts of vitest's JSON report. A file that could not be loaded counts as one failure. */
export function vitestCounts(report: string): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  };
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    skipped: numPendingTests + numTodoTests,
  };
}

/** One line of `go test -json`, as far as counting needs it. */
interface GoTestEvent {
  Action: string;
  Test?: string;
  Output?: string;
}

/** What one line of `go test -json` says: text for the log, and the outcome of a test where the line tells one. */
export interface GoTestLine {
  output: string;
  outcome: keyof Counts | undefined;
}

const OUTCOMES: Readonly<Record<string, keyof Counts>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/** Reads one line of `go test -json`; a line that is no event (of the compiler, of a panic) is plain output. */
export function readGoTestLine(line: string): GoTestLine {
  if (!line.startsWith('{')) return { output: `${line}\n`, outcome: undefined };
  const event = JSON.parse(line) as GoTestEvent;
  const outcome = event.Test === undefined ? undefined : OUTCOMES[event.Action];
  return { output: event.Output ?? '', outcome };
}
