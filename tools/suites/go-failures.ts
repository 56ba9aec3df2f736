import type { GoTestLine } from './suite-counts.ts';

/** Lines of a failed test that are kept: its last ones, which say why. */
const LINES = 60;

/** Gathers what failed Go tests and packages printed, which lies far apart in the log of packages that run side by side. */
export interface GoFailures {
  add(line: GoTestLine): void;
  /** For each that failed, in the order in which they did: its name and its last lines. */
  text(): string;
  /** Names of those that failed, in that order. */
  names(): string[];
}

/** Starts gathering. What a test printed is dropped when it ends well, so that memory is bounded by what runs. */
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
