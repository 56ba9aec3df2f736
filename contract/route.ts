/** `stream`: it comes piece by piece, and may have no end. `bytes`: a file. */
export type AnswerForm = 'json' | 'text' | 'bytes' | 'stream';

/** How an operation is called: what `contract/routes.ts` says of each. It is in every client, so it is written briefly. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{parameter}` segments. */
  readonly path: string;
  /** Names of the query parameters, with blanks between them; absent: none. */
  readonly query?: string;
  /** Absent: there is no body. */
  readonly body?: 'json' | 'chart-form' | 'json-or-form';
  /** Absent: JSON. */
  readonly answer?: AnswerForm;
}

/** What a row of the table says beside method, path and query. */
type RouteForms = Pick<Route, 'body' | 'answer'>;

function withMethod(method: Route['method']): (path: string, query?: string, forms?: RouteForms) => Route {
  return (path, query, forms) => ({ method, path, ...(query !== undefined && query !== '' && { query }), ...forms });
}

/** A row of `contract/routes.ts`: an operation that reads. */
export const get = withMethod('GET');
/** A row of `contract/routes.ts`. */
export const post = withMethod('POST');
/** A row of `contract/routes.ts`. */
export const put = withMethod('PUT');
/** A row of `contract/routes.ts`: an operation that deletes. */
export const del = withMethod('DELETE');

/** The address and the form of one call, without the types of its operation. */
export interface RouteCall {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Name of the release, beside an archive. */
  readonly release?: string;
  /** Further headers of this call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The path of a call, escaped.
 * @throws TypeError if a path parameter is missing or would lead elsewhere
 */
export function pathOf({ path }: Route, given: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name] ?? '';
    // As a segment, `.` and `..` would name another path, however they are escaped.
    if (value === '' || value === '.' || value === '..') {
      throw new TypeError(`the path parameter ${name} cannot be ${JSON.stringify(value)}`);
    }
    return encodeURIComponent(value);
  });
}

/** Whether an operation has a query parameter. */
export function takesParameter({ query }: Route, name: string): boolean {
  return query?.split(' ').includes(name) === true;
}

/**
 * The query of a call; a parameter that is undefined is left out.
 * @throws TypeError if the operation has no such parameter
 */
export function queryOf(route: Route, given: RouteCall['query'] = {}): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (!takesParameter(route, name)) {
      throw new TypeError(`${route.method} ${route.path} has no query parameter ${name}`);
    }
    if (value !== undefined) query.set(name, String(value));
  }
  return query;
}

/** The form of the body of a call: a chart archive travels in a form, beside the rest. */
export function bodyFormOf({ body }: Route, hasArchive: boolean): 'none' | 'json' | 'chart-form' {
  return body === 'json-or-form' ? (hasArchive ? 'chart-form' : 'json') : (body ?? 'none');
}
