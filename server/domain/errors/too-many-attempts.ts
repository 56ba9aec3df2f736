import { ProblemError } from './problem-error.ts';

/** What is interrupted as often brings the engine down itself: it is not tried for ever. */
export const MAX_ATTEMPTS = 3;
/** Most races that one run loses: whoever writes a release all the time is not raced with for ever. */
export const MAX_RACES = 5;

/** A change that was interrupted too often is given up: unlike a single interruption it is not looked at again. */
export class TooManyAttempts extends ProblemError {
  /** `what` was interrupted, such as `the install`, `times` times. */
  constructor(what: string, times: number, details: Record<string, unknown> = {}) {
    super('ENGINE_STOPPED', `${what} was interrupted ${times} times and is given up`, { details });
  }
}
