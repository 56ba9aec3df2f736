import type { ProblemBody } from '../../../contract/problems/problem.ts';
import type { ReleaseInfo, ReleaseInfoList } from '../../../contract/schemas/release.ts';
import type { TaskInfo } from '../../../contract/schemas/task.ts';
import type { ClusterObject } from './kube-client.ts';

/** One answer as received; `body` is undefined if it was empty or not JSON. */
export interface ApiAnswer<Body = unknown> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

/** Query parameters; undefined ones are left out. */
type ApiQuery = Record<string, string | number | boolean | undefined>;

/** What a request may carry beside its path. */
interface RequestParts {
  query?: ApiQuery;
  body?: string | Uint8Array<ArrayBuffer> | FormData;
  headers?: Record<string, string>;
}

/** A release request for the API: the JSON body, and the archive when the chart is uploaded. */
export interface ReleaseOrder {
  namespace: string;
  body: Record<string, unknown> & { name: string };
  archive?: Buffer;
  query?: ApiQuery;
}

/** The API as seen by any HTTP client: raw requests, no code of the product but its types. */
export interface WalmApi {
  url: string;
  send(method: string, path: string, init?: RequestParts): Promise<ApiAnswer>;
  /** Sends the order, with an archive as multipart; returns any answer. */
  install(order: ReleaseOrder): Promise<ApiAnswer>;
  /** Like `install`, but throws an error with the whole answer unless it is 200. */
  mustInstall(order: ReleaseOrder): Promise<ApiAnswer>;
  /** PUT of the order, with the archive as multipart. */
  upgrade(order: ReleaseOrder): Promise<ApiAnswer>;
  dryRun(order: ReleaseOrder): Promise<ApiAnswer<ClusterObject[]>>;
  remove(namespace: string, release: string, query?: ApiQuery): Promise<ApiAnswer>;
  get(namespace: string, release: string): Promise<ApiAnswer<ReleaseInfo>>;
  list(namespace?: string, query?: ApiQuery): Promise<ApiAnswer<ReleaseInfoList>>;
  task(id: string): Promise<ApiAnswer<TaskInfo>>;
}

/** `token`: the token that the requests carry, if the server requires one. */
export function createWalmApi(url: string, token?: string): WalmApi {
  const identity: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send: WalmApi['send'] = async (method, path, { query = {}, body, headers } = {}) => {
    const address = new URL(path, url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const response = await fetch(address, {
      method,
      ...(body !== undefined && { body }),
      headers: { ...identity, ...headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };

  const order = (
    path: string,
    { namespace, body, archive, query = {} }: ReleaseOrder,
    method = 'POST',
  ): Promise<ApiAnswer> => {
    const base = `/api/v1/release/${namespace}${path}`;
    if (archive === undefined) {
      return send(method, base, { query, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    }
    return send(method, `${base}/withchart`, { query, body: chartForm(body, archive) });
  };

  const api: WalmApi = {
    url,
    send,
    install: (request) => order('', request),
    async mustInstall(request) {
      const answer = await api.install(request);
      if (answer.status !== 200) {
        throw new Error(
          `the install of ${request.namespace}/${request.body.name} answered ${answer.status} ${answer.text}`,
        );
      }
      return answer;
    },
    upgrade: (request) => order('', request, 'PUT'),
    dryRun: (request) => order('/dryrun', request) as Promise<ApiAnswer<ClusterObject[]>>,
    remove: (namespace, release, query = {}) =>
      send('DELETE', `/api/v1/release/${namespace}/name/${release}`, { query }),
    get: (namespace, release) =>
      send('GET', `/api/v1/release/${namespace}/name/${release}`) as Promise<ApiAnswer<ReleaseInfo>>,
    list: (namespace, query = {}) =>
      send('GET', `/api/v1/release${namespace ? `/${namespace}` : ''}`, { query }) as Promise<
        ApiAnswer<ReleaseInfoList>
      >,
    task: (id) => send('GET', `/api/v1/task/${id}`) as Promise<ApiAnswer<TaskInfo>>,
  };
  return api;
}

/** The form of `…/withchart`: parts `release`, `chart` and `body`. */
export function chartForm(body: Record<string, unknown> & { name: string }, archive: Buffer): FormData {
  const form = new FormData();
  form.set('release', body.name);
  form.set('chart', new Blob([new Uint8Array(archive)]), 'chart.tgz');
  form.set('body', JSON.stringify(body));
  return form;
}

/** The answer as a problem; throws if it does not have exactly the form of decision 21 (the body of an error). */
export function problemOf(answer: ApiAnswer): ProblemBody {
  const body = answer.body as Partial<ProblemBody> | undefined;
  if (
    answer.status < 400 ||
    typeof body?.code !== 'string' ||
    typeof body.errMessage !== 'string' ||
    typeof body.requestId !== 'string' ||
    body.errorCode !== -1 ||
    body.errCode !== -1
  ) {
    throw new Error(`not a problem: ${answer.status} ${answer.text.slice(0, 500)}`);
  }
  return body as ProblemBody;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
