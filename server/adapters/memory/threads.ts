import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { Job, JobOutcome, Threads } from '../../ports/runtime/threads.ts';

/** Runs jobs where they are asked for. */
export function createMemoryThreads(perform: (job: Job) => JobOutcome<unknown>): Threads {
  return {
    run: (job) => {
      const outcome = perform(job);
      if (!('problem' in outcome)) {
        return Promise.resolve(outcome.value);
      }
      const { code, message, ...rest } = outcome.problem;
      return Promise.reject(new ProblemError(code, message, rest));
    },
    waiting: () => 0,
    close: () => Promise.resolve(),
  };
}
