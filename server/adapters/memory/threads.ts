import { ProblemError } from '../../domain/errors/problem-error.ts';
import { type Job, type JobOutcome, ownedBy, type Threads } from '../../ports/runtime/threads.ts';

/** Runs jobs in place. */
export function createMemoryThreads(perform: (job: Job) => JobOutcome<unknown>): Threads {
  return {
    async run({ name, input }) {
      // Like between threads: each side has its own copy.
      const outcome = structuredClone(
        perform(structuredClone({ name, input }, { transfer: ownedBy({ name, input }) })),
      );
      if (!('problem' in outcome)) {
        return outcome.value;
      }
      const { code, message, ...rest } = outcome.problem;
      throw new ProblemError(code, message, rest);
    },
    waiting: () => 0,
    close: () => Promise.resolve(),
  };
}
