import type { ProblemKind } from './problem-kind.ts';

/** Errors of requests and tasks, whatever they are about, in alphabetical order. */
export const requestProblems = {
  BODY_MALFORMED: {
    status: 400,
    title: 'The request body cannot be read',
    retryable: false,
    remedy: 'Send well-formed JSON in UTF-8 (or well-formed multipart/form-data where the operation takes an archive).',
  },
  BODY_TOO_COMPLEX: {
    status: 422,
    title: 'The request body is too complex',
    retryable: false,
    remedy:
      'Send fewer or less deeply nested values; the limit is in `details`, set by `limits.jsonValues`, `limits.jsonDepth` or `limits.parseSec`.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The request body is too large',
    retryable: false,
    remedy: 'Send a smaller body; the limit is in `details`, set by `limits.bodyBytes`.',
  },
  CANCELLED: {
    status: 409,
    title: 'The operation was cancelled',
    retryable: true,
    remedy: 'Send the request again if you still want the operation.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The operation does not accept this content type',
    retryable: false,
    remedy: 'Send the `Content-Type` header named in the message.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers of the request are too large',
    retryable: false,
    remedy: 'Send fewer or smaller headers; the limit is set by `http.headerBytes`.',
  },
  HEADER_INVALID: {
    status: 400,
    title: 'A header of the request is not valid',
    retryable: false,
    remedy: 'Correct the header named in the message.',
  },
  HOST_REFUSED: {
    status: 403,
    title: 'The Host header does not name this server',
    retryable: false,
    remedy: 'Address the server as 127.0.0.1, [::1] or localhost; without authentication it accepts no other host.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The Idempotency-Key was already used for a different request',
    retryable: false,
    remedy: 'Send a new key with each new request; reuse a key only to repeat the same request.',
  },
  INTERNAL: {
    status: 500,
    title: 'An unexpected error happened inside Walm',
    retryable: true,
    remedy: 'Report the error with its request id; the server log has the cause under that id.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The path exists, but not with this method',
    retryable: false,
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  NOT_READY: {
    status: 503,
    title: 'The server is not ready yet',
    retryable: true,
    remedy: 'Wait until the parts named in `details` are ready.',
  },
  PATH_INVALID: {
    status: 400,
    title: 'A name in the path is not valid',
    retryable: false,
    remedy: 'Correct the name so that it matches `details.pattern`.',
  },
  QUERY_INVALID: {
    status: 400,
    title: 'A query parameter is not valid',
    retryable: false,
    remedy: 'Correct the parameter named in the message.',
  },
  QUERY_UNKNOWN: {
    status: 400,
    title: 'The operation has no such query parameter',
    retryable: false,
    remedy:
      'Correct or remove the parameter named in the message; `details.parameters` lists the parameters of the operation.',
  },
  REQUEST_INVALID: {
    status: 422,
    title: 'The request body does not match the schema of the operation',
    retryable: false,
    remedy: 'Correct every field listed in `details.errors`; each entry has a JSON pointer into the body.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    retryable: true,
    remedy: 'Send a smaller request, or use a faster connection.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this path',
    retryable: false,
    remedy: 'Look up the path in `/swagger-ui/` or `/api/v1/openapi.json`.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'The server is shutting down',
    retryable: true,
    remedy:
      'Check whether the release has a task for the request: if so, the task carries on; if not, send the request again.',
  },
  TASK_FINISHED: {
    status: 409,
    title: 'The task is finished',
    retryable: false,
    remedy: 'There is nothing left to cancel; look at the release for the result.',
  },
  TASK_NOT_FOUND: {
    status: 404,
    title: 'The task does not exist',
    retryable: false,
    remedy: 'Check the id; finished tasks are removed after `tasks.retentionSec`.',
  },
  TIMEOUT_REACHED: {
    status: 504,
    title: 'The request timed out before the operation ended',
    retryable: true,
    remedy: 'The operation carries on: read its task, wait longer with `timeoutSec`, or use `async=true`.',
  },
  TOO_MANY_BODIES: {
    status: 429,
    title: 'The server already holds too many bytes of request bodies',
    retryable: true,
    remedy:
      'Send the request again after `Retry-After`; the limits are `limits.bodyBytesInFlight` for all callers together and `limits.bodyBytesPerCaller` for one.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'The caller has too many requests in flight',
    retryable: true,
    remedy:
      'Send the request again when some of the other requests have ended; the limit is `limits.requestsPerCaller`. `async=true` and `/api/v1/bulk` need fewer requests.',
  },
  TOO_MANY_REVIEWS: {
    status: 429,
    title: 'Too many access reviews of the caller are pending',
    retryable: true,
    remedy:
      'Send the request again after `Retry-After`, and fewer requests at a time; the limit is `limits.accessReviews`.',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    title: 'The caller has too many streams open',
    retryable: true,
    remedy: 'Close some streams, or watch several namespaces with one stream; the limit is `limits.streamsPerCaller`.',
  },
  TOO_MANY_TASKS: {
    status: 429,
    title: 'Too many tasks are waiting already',
    retryable: true,
    remedy:
      'Send the request again when some of the tasks are finished; the limits are `limits.tasksPerNamespace` and `limits.tasksPerCaller`.',
  },
  TOO_MANY_TOKENS: {
    status: 429,
    title: 'Too many unknown tokens are being checked',
    retryable: true,
    remedy: 'Send the request again after `Retry-After`; the limit is `limits.tokenReviews`.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'The request has no valid bearer token',
    retryable: false,
    remedy:
      'Send the header `Authorization: Bearer TOKEN` with a token that the cluster accepts, for example of a service account.',
  },
} as const satisfies Record<string, ProblemKind>;
