import { ProblemError } from './problem-error.ts';

/** Work interrupted this often probably crashes the engine itself, and is not retried forever. */
export const MAX_ATTEMPTS = 3;
/** Maximum races that one run may lose: a release that is written all the time is not retried forever. */
export const MAX_RACES = 5;

/**
 * A failure that ends its task whatever the code: for a code that leaves open what was done, the task would be observed
 * again.
 */
export class FinalProblem extends ProblemError {}

/** A change that was interrupted too often fails: unlike a single interruption it is not observed again. */
export class TooManyAttempts extends FinalProblem {
  /** `what` was interrupted, such as `the install`, `times` times. */
  constructor(what: string, times: number, details: Record<string, unknown> = {}) {
    super('ENGINE_STOPPED', `${what} was interrupted ${times} times and is given up`, { details });
  }
}
