import { ApiError } from './api-error.ts';
import { parseExact, stringifyExact } from './exact-json.ts';
import type { ProblemBody } from './problems/problem.ts';
import { readRetryAfter } from './retry.ts';

/** How an operation is called: what `contract/routes.ts` says of each. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{parameter}` segments. */
  readonly path: string;
  /** Names of the query parameters. */
  readonly query: readonly string[];
  readonly body: 'none' | 'json' | 'chart-form' | 'json-or-form';
  /** `stream`: it comes piece by piece, and may have no end. `bytes`: a file. */
  readonly answer: 'json' | 'text' | 'bytes' | 'stream';
}

/** The parts of one call, without the types of its operation. */
export interface CallParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly release?: string;
  readonly archive?: Blob;
  /** Further headers of this call. */
  readonly headers?: Readonly<Record<string, string>>;
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
  url.pathname = url.pathname.replace(/\/*$/, '') + pathOf(route, call.path ?? {});
  url.search = '';
  url.hash = '';
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (!route.query.includes(name)) {
      throw new TypeError(`${route.method} ${route.path} has no query parameter ${name}`);
    }
    if (value !== undefined) {
      url.searchParams.set(name, String(value));
    }
  }
  const headers = headersOf(call, defaults);
  const body = bodyOf(route, call, headers);
  return { url, method: route.method, headers, ...(body !== undefined && { body }) };
}

function pathOf({ path }: Route, given: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name] ?? '';
    // As a segment, `.` and `..` would name another path, however they are escaped.
    if (value === '' || value === '.' || value === '..') {
      throw new TypeError(`the path parameter ${name} cannot be ${JSON.stringify(value)}`);
    }
    return encodeURIComponent(value);
  });
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
  const kind = route.body === 'json-or-form' ? (call.archive === undefined ? 'json' : 'chart-form') : route.body;
  switch (kind) {
    case 'none':
      return undefined;
    case 'json':
      headers.set('content-type', 'application/json');
      return stringifyExact(call.body);
    case 'chart-form': {
      // `fetch` adds the boundary.
      headers.delete('content-type');
      const form = new FormData();
      if (call.release !== undefined) {
        form.append('release', call.release);
      }
      if (call.body !== undefined) {
        form.append('body', stringifyExact(call.body) ?? '');
      }
      if (call.archive !== undefined) {
        form.append('chart', call.archive, 'chart.tgz');
      }
      return form;
    }
    default:
      return kind satisfies never;
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
