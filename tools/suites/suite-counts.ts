/** Numbers of tests, or of checks, by outcome. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The closing line of a run: `12 passed, 0 failed`, and `, 3 skipped` if tests were skipped. */
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
 * The counts of a suite, completed by its exit code: a program that failed without a failed test (it did not compile,
 * it crashed) counts as one failure, and so does a suite that ran no test at all.
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

/** Names of the failed tests of vitest's JSON report, and paths of the files that could not be loaded. */
export function vitestFailures(report: string): string[] {
  const { testResults } = JSON.parse(report) as {
    testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  return testResults.flatMap(({ name, status, assertionResults }) => {
    if (status === 'failed' && assertionResults.length === 0) return [name];
    return assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
  });
}

/** One line of `go test -json`, as far as counting needs it. */
interface GoTestEvent {
  Action: string;
  Package?: string;
  Test?: string;
  Output?: string;
}

/** The content of one line of `go test -json`: the test or package, text for the log, and its result. */
export interface GoTestLine {
  /** Package, and the test if the line is about one: `walm.io/engine/fair TestGate`. */
  of: string;
  output: string;
  /** Outcome of a test. Packages are not counted. */
  outcome: keyof Counts | undefined;
  /** Whether this test or package has failed. */
  failed: boolean;
}

const OUTCOMES: Readonly<Record<string, keyof Counts>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/** Reads one line of `go test -json`; a line that is not an event (of the compiler, of a panic) is plain output. */
export function readGoTestLine(line: string): GoTestLine {
  if (!line.startsWith('{')) return { of: '', output: `${line}\n`, outcome: undefined, failed: false };
  const event = JSON.parse(line) as GoTestEvent;
  const outcome = event.Test === undefined ? undefined : OUTCOMES[event.Action];
  const of = [event.Package, event.Test].filter((part) => part !== undefined).join(' ');
  return { of, output: event.Output ?? '', outcome, failed: event.Action === 'fail' };
}
