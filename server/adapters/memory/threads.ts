import { ProblemError } from '../../domain/problem-error.ts';
import type { Job, JobOutcome, Threads } from '../../ports/threads.ts';

/** Runs jobs where they are asked for. */
export function createMemoryThreads(perform: (job: Job) => JobOutcome<unknown>): Threads {
  return {
    run: (job) => {
      const outcome = perform(job);
      return 'problem' in outcome
        ? Promise.reject(
            new ProblemError(outcome.problem.code, outcome.problem.message, { details: outcome.problem.details }),
          )
        : Promise.resolve(outcome.value);
    },
    waiting: () => 0,
    close: () => Promise.resolve(),
  };
}
