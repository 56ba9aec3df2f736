import { problemCatalogue } from '../../../contract/problems/catalogue.ts';
import type { ProblemCode } from '../../../contract/problems/problem.ts';

/** The Kubernetes object, release or task that a problem is about. */
export interface ProblemObject {
  readonly kind: string;
  /** Empty or absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * An expected error: sent with the status of its code, and safe to show to the caller. The message says what happened
 * to which object, why and what to do; it never contains a secret, and lacks the original's route prefix (`failed to
 * install release: `), which the API adds per operation.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly object: ProblemObject | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    options: { details?: Record<string, unknown>; object?: ProblemObject; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.code = code;
    this.details = options.details ?? {};
    this.object = options.object;
  }

  /** HTTP status of the response. */
  get status(): number {
    return problemCatalogue[this.code].status;
  }
}

/** Creates the error for `code`; throw it. */
export function problem(
  code: ProblemCode,
  message: string,
  details?: Record<string, unknown>,
  object?: ProblemObject,
): ProblemError {
  return new ProblemError(code, message, { ...(details && { details }), ...(object && { object }) });
}
