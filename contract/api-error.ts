import type { ProblemBody } from './problems/problem.ts';

/** What is known of an error answer. */
interface ErrorAnswer {
  readonly status: number;
  readonly message: string;
  /** Null if the answer did not come from a Walm server. */
  readonly problem: ProblemBody | null;
  /** Seconds after which the server wants to be asked again; null if it does not say. */
  readonly retryAfterSec: number | null;
}

/** An error answer of the server. Branch on `code`, never on the message. */
export class ApiError extends Error {
  readonly status: number;
  /** The stable code of the problem (docs/reference/errors.md); empty if the answer is not Walm's. */
  readonly code: string;
  /** More facts, by the code. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The id under which the server's log knows the request; empty if the answer is not Walm's. */
  readonly requestId: string;
  /** The whole body; null if the answer is not Walm's. */
  readonly problem: ProblemBody | null;
  /** Seconds after which the server wants to be asked again; null if it does not say. */
  readonly retryAfterSec: number | null;

  constructor({ status, message, problem, retryAfterSec }: ErrorAnswer) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem?.code ?? '';
    this.details = problem?.details ?? {};
    this.requestId = problem?.requestId ?? '';
    this.problem = problem;
    this.retryAfterSec = retryAfterSec;
  }
}
