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
    title: 'The request body takes more work than a request may',
    retryable: false,
    remedy:
      'Send fewer or flatter values; the limit is in `details` and is set by `limits.jsonValues`, `limits.jsonDepth` or `limits.parseSec`.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The request body is too large',
    retryable: false,
    remedy: 'Send less; the limit is in `details` and is set by `limits.bodyBytes`.',
  },
  CANCELLED: {
    status: 409,
    title: 'The operation was cancelled',
    retryable: true,
    remedy: 'Send the request again if the operation is still wanted.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The content type is not one that this operation reads',
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
    title: 'A header of the request cannot be used',
    retryable: false,
    remedy: 'Correct the header named in the message.',
  },
  HOST_REFUSED: {
    status: 403,
    title: 'The request names a host that is not this server',
    retryable: false,
    remedy: 'Address the server as 127.0.0.1, [::1] or localhost; without authentication it answers to nothing else.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    retryable: false,
    remedy: 'Send a new key with a new request; repeat a request unchanged with its own key.',
  },
  INTERNAL: {
    status: 500,
    title: 'Walm failed in a way it did not expect',
    retryable: true,
    remedy: 'Report it with the request id; the server log has the cause under that id.',
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
    remedy: 'Wait for the parts named in `details`.',
  },
  PATH_INVALID: {
    status: 400,
    title: 'A part of the path cannot be a name',
    retryable: false,
    remedy: 'Correct the name; `details.pattern` says what it can be.',
  },
  QUERY_INVALID: {
    status: 400,
    title: 'A query parameter cannot be understood',
    retryable: false,
    remedy: 'Correct the parameter named in the message.',
  },
  QUERY_UNKNOWN: {
    status: 400,
    title: 'A query parameter of a change is not known',
    retryable: false,
    remedy:
      'Correct or leave out the parameter named in the message; those that there are stand in `details.parameters`.',
  },
  REQUEST_INVALID: {
    status: 422,
    title: 'The request does not fit the contract',
    retryable: false,
    remedy: 'Correct every place listed in `details.errors`; each has a JSON pointer into the body.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    retryable: true,
    remedy: 'Send the request again over a faster connection, or smaller.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this path',
    retryable: false,
    remedy: 'Look the path up in `/swagger-ui/` or `/api/v1/openapi.json`.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'The server is shutting down',
    retryable: true,
    remedy: 'Look whether the release has a task for the request, which then carries on; if not, send it again.',
  },
  TASK_FINISHED: {
    status: 409,
    title: 'The task is finished',
    retryable: false,
    remedy: 'There is nothing left to cancel; look at the release for what became of it.',
  },
  TASK_NOT_FOUND: {
    status: 404,
    title: 'The task does not exist',
    retryable: false,
    remedy: 'Check the id; finished tasks are removed after `tasks.retentionSec`.',
  },
  TIMEOUT_REACHED: {
    status: 504,
    title: 'The wait for the operation ended before the operation did',
    retryable: true,
    remedy: 'The operation carries on: read its task, or wait longer with `timeoutSec`, or use `async=true`.',
  },
  TOO_MANY_BODIES: {
    status: 429,
    title: 'The server holds too many bytes of request bodies',
    retryable: true,
    remedy:
      'Send the request again after `Retry-After`; the budgets are `limits.bodyBytesInFlight` of all callers and `limits.bodyBytesPerCaller` of one.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'The caller has too many requests under way',
    retryable: true,
    remedy:
      'Send the request again when some of the others are answered; the limit is `limits.requestsPerCaller`. `async=true` and `/api/v1/bulk` need fewer.',
  },
  TOO_MANY_REVIEWS: {
    status: 429,
    title: 'Too many questions about rights of the caller are waiting',
    retryable: true,
    remedy: 'Send the request again after `Retry-After`, and fewer at once; the limit is `limits.accessReviews`.',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    title: 'The caller has too many event streams open',
    retryable: true,
    remedy: 'Close some, or follow several namespaces with one; the limit is `limits.streamsPerCaller`.',
  },
  TOO_MANY_TASKS: {
    status: 429,
    title: 'Too many changes are waiting already',
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
    title: 'The request does not say who sends it',
    retryable: false,
    remedy:
      'Send the header `Authorization: Bearer TOKEN` with a token that the cluster knows, such as that of a service account.',
  },
} as const satisfies Record<string, ProblemKind>;
