import type { GoTestLine } from './suite-counts.ts';

/** Lines of a failed test that are kept: the last ones, which say why it failed. */
const LINES = 60;

/**
 * Collects the output of failed Go tests and packages, which is scattered in the log of packages that run in parallel.
 */
export interface GoFailures {
  add(line: GoTestLine): void;
  /** Name and last lines of each failure, in the order in which they occurred. */
  text(): string;
  /** Names of the failures, in that order. */
  names(): string[];
}

/**
 * Starts collecting. The output of a test is dropped when the test passes, so that memory is limited by what is
 * running.
 */
export function gatherGoFailures(): GoFailures {
  const printed = new Map<string, string[]>();
  const failures: string[] = [];
  const names: string[] = [];
  return {
    add({ of, output, outcome, failed }) {
      if (failed) {
        failures.push(`${of} failed:\n${(printed.get(of) ?? []).join('')}`);
        names.push(of);
      }
      if (failed || outcome !== undefined) printed.delete(of);
      else if (output !== '') printed.set(of, [...(printed.get(of) ?? []), output].slice(-LINES));
    },
    text: () => failures.join('\n'),
    names: () => names,
  };
}
