/** One of the causes that the API server gives for an invalid object. */
export type KubeApiCause = { field: string; reason: string; message: string };

/**
 * A call to the API server that did not succeed.
 * `status` is the HTTP status, 0 when there was no answer at all; `reason` is Kubernetes' word (`NotFound`,
 * `AlreadyExists`, `Conflict`, `Forbidden`, `Expired` …), `Unreachable` or `Timeout` when there was no answer.
 */
export class KubeApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly KubeApiCause[];

  constructor(status: number, reason: string, message: string, causes: readonly KubeApiCause[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'KubeApiError';
    this.status = status;
    this.reason = reason;
    this.causes = causes;
  }
}

/** Whether a call failed with this HTTP status (0: no answer). */
export function hasStatus(error: unknown, status: number): error is KubeApiError {
  return error instanceof KubeApiError && error.status === status;
}
