import type { Suite } from './suites.ts';

/** The state of every suite: by name, `undefined` before it was started. */
export type Progress = ReadonlyMap<string, 'running' | 'passed' | 'failed'>;

/** What to do next: suites to start now, and suites that can no longer run because one that they need failed. */
export interface NextSteps {
  start: Suite[];
  impossible: { suite: Suite; because: string }[];
}

/**
 * Decides which suites start now, in the order of the table: those whose predecessors passed, if enough cores are free.
 * A suite that needs more cores than exist runs alone.
 */
export function nextSteps(suites: readonly Suite[], progress: Progress, cores: number): NextSteps {
  const steps: NextSteps = { start: [], impossible: [] };
  let busy = suites.reduce((sum, suite) => sum + (progress.get(suite.name) === 'running' ? suite.cores : 0), 0);
  const known = new Set(suites.map(({ name }) => name));
  for (const suite of suites) {
    if (progress.has(suite.name)) continue;
    const needed = (suite.after ?? []).filter((name) => known.has(name));
    const failed = needed.find((name) => progress.get(name) === 'failed');
    if (failed !== undefined) {
      steps.impossible.push({ suite, because: failed });
      continue;
    }
    const ready = needed.every((name) => progress.get(name) === 'passed');
    if (!ready || (busy > 0 && busy + suite.cores > cores)) continue;
    steps.start.push(suite);
    busy += suite.cores;
  }
  return steps;
}
