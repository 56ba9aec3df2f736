import { ApiError } from './api-error.ts';
import { parseExact, stringifyExact } from './exact-json.ts';
import type { ProblemBody } from './problems/problem.ts';
import { readRetryAfter } from './retry.ts';
import { bodyFormOf, pathOf, queryOf, type Route, type RouteCall } from './route.ts';

/** The parts of one call, without the types of its operation. */
export interface CallParts extends RouteCall {
  readonly body?: unknown;
  readonly archive?: Blob;
  /** The header `X-Request-Id`: appears in the server's log; made by the server if absent. */
  readonly requestId?: string;
  /** The header `Idempotency-Key`: a change that is sent twice with the same key happens once. */
  readonly idempotencyKey?: string;
  /** The header `Last-Event-ID`: events after this one. */
  readonly lastEventId?: string;
  /** The header `Accept`. */
  readonly accept?: string;
}

/** A request, as `fetch` takes it. */
export interface BuiltRequest {
  readonly url: URL;
  readonly method: Route['method'];
  readonly headers: Headers;
  readonly body?: string | FormData;
}

/**
 * Builds the request of an operation. The path of `base` is kept: a server behind `https://host/walm` is called there.
 * @throws TypeError if a path parameter is missing or would lead elsewhere, or if there is no such query parameter
 */
export function requestOf(
  route: Route,
  base: string,
  call: CallParts,
  defaults: Readonly<Record<string, string>> = {},
): BuiltRequest {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/*$/, '') + pathOf(route, call.path);
  url.search = queryOf(route, call.query).toString();
  url.hash = '';
  const headers = headersOf(call, defaults);
  const body = bodyOf(route, call, headers);
  return { url, method: route.method, headers, ...(body !== undefined && { body }) };
}

function headersOf(call: CallParts, defaults: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(defaults);
  const own = {
    ...call.headers,
    ...(call.requestId !== undefined && { 'x-request-id': call.requestId }),
    ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
    ...(call.lastEventId !== undefined && { 'last-event-id': call.lastEventId }),
    ...(call.accept !== undefined && { accept: call.accept }),
  };
  for (const [name, value] of Object.entries(own)) {
    headers.set(name, value);
  }
  return headers;
}

function bodyOf(route: Route, call: CallParts, headers: Headers): string | FormData | undefined {
  const form = bodyFormOf(route, call.archive !== undefined);
  switch (form) {
    case 'none':
      return undefined;
    case 'json':
      headers.set('content-type', 'application/json');
      return stringifyExact(call.body);
    case 'chart-form': {
      // `fetch` adds the boundary.
      headers.delete('content-type');
      const parts = new FormData();
      if (call.release !== undefined) {
        parts.append('release', call.release);
      }
      if (call.body !== undefined) {
        parts.append('body', stringifyExact(call.body) ?? '');
      }
      if (call.archive !== undefined) {
        parts.append('chart', call.archive, 'chart.tgz');
      }
      return parts;
    }
    default:
      return form satisfies never;
  }
}

/**
 * The body of a successful answer from its text: JSON where the answer says so, large whole numbers as bigints;
 * undefined if it is empty.
 * @throws ApiError if it says that it is JSON, and is not
 */
export function answerOf(text: string, { status, headers }: Pick<Response, 'status' | 'headers'>): unknown {
  if (text === '') {
    return undefined;
  }
  if (headers.get('content-type')?.startsWith('application/json') !== true) {
    return text;
  }
  try {
    return parseExact(text);
  } catch {
    const message = `the answer is not JSON: ${text.slice(0, 200)}`;
    throw new ApiError({ status, message, problem: null, retryAfterSec: null });
  }
}

/** The error that an unsuccessful answer is. */
export function errorOf(text: string, { status, headers }: Pick<Response, 'status' | 'headers'>): ApiError {
  const problem = problemOf(text);
  const message = problem?.errMessage ?? `HTTP ${status}: ${text.slice(0, 200)}`;
  return new ApiError({ status, message, problem, retryAfterSec: readRetryAfter(headers) });
}

/**
 * The error of an answer that leads elsewhere: it is never followed, because what the request carries (token, headers,
 * values) is for this server only.
 */
export function redirectError({ status, headers }: Pick<Response, 'status' | 'headers'>): ApiError {
  const location = headers.get('location');
  const where = location === null ? 'to another address' : `to ${location.slice(0, 200)}`;
  const message = `the server redirects ${where}, which is not followed: use the server's own address`;
  return new ApiError({ status, message, problem: null, retryAfterSec: null });
}

function problemOf(text: string): ProblemBody | null {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'errMessage' in value && 'code' in value;
    return isProblem ? (value as ProblemBody) : null;
  } catch {
    return null;
  }
}
