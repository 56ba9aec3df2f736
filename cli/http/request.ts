import type { Route } from '../../contract/call.ts';
import { routes } from '../../contract/routes.ts';
import { multipart } from './multipart.ts';

/** Name of an operation of the API. */
export type OperationName = keyof typeof routes;

/** What a call says: the parameters of its operation, and its body. */
export interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** JSON text of the body. */
  readonly body?: string;
  /** Name of the release, beside an archive. */
  readonly release?: string;
  readonly archive?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is ready to be sent; the path begins behind that of the server. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * Builds the request of an operation, out of the table of routes that the client library uses, too.
 * @throws TypeError if a path parameter is missing or the operation has no such query parameter
 */
export function requestOf(operation: OperationName, call: Call): HttpRequest {
  const route: Route = routes[operation];
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value === undefined) continue;
    if (!route.query.includes(name)) throw new TypeError(`${operation} has no query parameter ${name}`);
    search.set(name, String(value));
  }
  const query = search.size === 0 ? '' : `?${search.toString()}`;
  const { headers, body } = bodyOf(route, call);
  return {
    method: route.method,
    path: pathOf(route, call.path ?? {}) + query,
    headers: { ...headers, ...call.headers },
    ...(body !== undefined && { body }),
  };
}

/** Whether the server's API has this query parameter of the operation. */
export function takesQuery(operation: OperationName, name: string): boolean {
  const route: Route = routes[operation];
  return route.query.includes(name);
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

function bodyOf(route: Route, call: Call): Pick<HttpRequest, 'headers' | 'body'> {
  const kind = route.body === 'json-or-form' ? (call.archive === undefined ? 'json' : 'chart-form') : route.body;
  switch (kind) {
    case 'none':
      return { headers: {} };
    case 'json':
      return { headers: { 'content-type': 'application/json' }, body: call.body ?? '{}' };
    case 'chart-form': {
      const form = multipart([
        ...(call.release === undefined ? [] : [{ name: 'release', content: call.release }]),
        ...(call.body === undefined ? [] : [{ name: 'body', content: call.body }]),
        ...(call.archive === undefined ? [] : [{ name: 'chart', content: call.archive, fileName: 'chart.tgz' }]),
      ]);
      return { headers: { 'content-type': form.contentType }, body: form.body };
    }
    default:
      return kind satisfies never;
  }
}
