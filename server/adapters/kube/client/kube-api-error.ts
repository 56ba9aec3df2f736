/** One of the causes that the API server reports for an invalid object. */
export type KubeApiCause = { field: string; reason: string; message: string };

/**
 * A failed call to the API server. `status` is the HTTP status, 0 without any response; `reason` is that of Kubernetes
 * (`NotFound`, `AlreadyExists`, `Conflict`, `Forbidden`, `Expired` …), `Unreachable` or `Timeout` without a response.
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

/** Whether a call failed with this HTTP status (0: no response). */
export function hasStatus(error: unknown, status: number): error is KubeApiError {
  return error instanceof KubeApiError && error.status === status;
}
