import type { BodyOf, Operation, PathOf, QueryOf, ReplyOf, TakesArchive } from './operations/operation.ts';
import { operations, type OperationId, type Operations } from './operations/operations.ts';
import type { ProblemBody } from './problems/problem.ts';

/** An error answer of the server; `problem` is null when the answer is none that a Walm server gives. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: ProblemBody | null;

  constructor(status: number, text: string, problem: ProblemBody | null) {
    super(problem?.errMessage ?? `HTTP ${status}: ${text.slice(0, 200)}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

type BodyPart<O extends Operation> =
  TakesArchive<O> extends true
    ? { readonly release?: string; readonly body?: BodyOf<O>; readonly archive: Blob }
    : BodyOf<O> extends undefined
      ? object
      : { readonly body: BodyOf<O> };

/** What a call of an operation takes: its path parameters, query, body and archive, and how to stop waiting. */
export type ClientCall<O extends Operation> = BodyPart<O> & {
  readonly query?: Partial<QueryOf<O>>;
  readonly signal?: AbortSignal;
  /** Stands in the server's log; the server makes one up otherwise. */
  readonly requestId?: string;
} & (keyof PathOf<O> extends never ? object : { readonly path: PathOf<O> });

type WithHeaders<R> = R extends { status: infer S; body: infer B }
  ? { readonly status: S; readonly body: B; readonly headers: Headers }
  : never;

/** A successful answer: the body that belongs to its status. */
export type ClientReply<O extends Operation> = WithHeaders<ReplyOf<O>>;

/** One function for each operation of the contract. They throw ApiError for error answers. */
export type Client = {
  readonly [Id in OperationId]: (call: ClientCall<Operations[Id]>) => Promise<ClientReply<Operations[Id]>>;
};

/** An answer that goes on for ever is handed over as it comes. */
const EVENT_STREAM = 'text/event-stream';

interface AnyCall {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly release?: string;
  readonly archive?: Blob;
  readonly signal?: AbortSignal;
  readonly requestId?: string;
}

/**
 * Makes a client of the server at `baseUrl`, for Node and browsers.
 * @param send what sends requests; the platform's fetch unless another is given
 */
export function createClient(baseUrl: string, send: typeof fetch = fetch): Client {
  const client = Object.fromEntries(
    Object.entries(operations).map(([id, row]) => [id, (call: AnyCall) => callOperation(baseUrl, send, row, call)]),
  );
  // Each function serves the row of its own id; the types of the two were derived from the same row.
  return client as unknown as Client;
}

async function callOperation(baseUrl: string, send: typeof fetch, row: Operation, call: AnyCall) {
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(call.path?.[name] ?? ''));
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) {
      url.searchParams.set(name, String(value));
    }
  }
  const headers = new Headers(call.requestId === undefined ? {} : { 'x-request-id': call.requestId });
  const body = requestBody(row, call, headers);
  const answer = await send(url, {
    method: row.method,
    headers,
    ...(body !== undefined && { body }),
    ...(call.signal && { signal: call.signal }),
  });
  if (answer.ok && answer.headers.get('content-type')?.startsWith(EVENT_STREAM) === true) {
    return { status: answer.status, body: answer.body?.pipeThrough(new TextDecoderStream()), headers: answer.headers };
  }
  const text = await answer.text();
  if (!answer.ok) {
    throw new ApiError(answer.status, text, asProblem(text));
  }
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  const parsed: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  return { status: answer.status, body: parsed, headers: answer.headers };
}

function requestBody(row: Operation, call: AnyCall, headers: Headers): string | FormData | undefined {
  switch (row.body?.kind) {
    case undefined:
      return undefined;
    case 'json':
      headers.set('content-type', 'application/json');
      return JSON.stringify(call.body);
    case 'chart-form': {
      const form = new FormData();
      if (call.release !== undefined) {
        form.append('release', call.release);
      }
      if (call.body !== undefined) {
        form.append('body', JSON.stringify(call.body));
      }
      if (call.archive !== undefined) {
        form.append('chart', call.archive, 'chart.tgz');
      }
      return form;
    }
    default:
      return row.body satisfies never;
  }
}

function asProblem(text: string): ProblemBody | null {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'errMessage' in value && 'code' in value;
    return isProblem ? (value as ProblemBody) : null;
  } catch {
    return null;
  }
}
