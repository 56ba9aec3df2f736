import { bodyFormOf, pathOf, queryOf, takesParameter, type Route, type RouteCall } from '../../contract/route.ts';
import { routes } from '../../contract/routes.ts';
import { multipart } from './multipart.ts';

/** Name of an operation of the API. */
export type OperationName = keyof typeof routes;

/** What a call says: the parameters of its operation, and its body. */
export interface Call extends RouteCall {
  /** JSON text of the body. */
  readonly body?: string;
  readonly archive?: Uint8Array;
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
  const search = queryOf(route, call.query);
  const query = search.size === 0 ? '' : `?${search.toString()}`;
  const { headers, body } = bodyOf(route, call);
  return {
    method: route.method,
    path: pathOf(route, call.path) + query,
    headers: { ...headers, ...call.headers },
    ...(body !== undefined && { body }),
  };
}

/** Whether the server's API has this query parameter of the operation. */
export function takesQuery(operation: OperationName, name: string): boolean {
  return takesParameter(routes[operation], name);
}

function bodyOf(route: Route, call: Call): Pick<HttpRequest, 'headers' | 'body'> {
  const kind = bodyFormOf(route, call.archive !== undefined);
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
