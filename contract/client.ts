import { answerOf, type CallParts, requestOf } from './call.ts';
import { type ClientOptions, type Connection, connectionOf } from './client-options.ts';
import type { Exact } from './exact-json.ts';
import type { Route } from './route.ts';
import { type ClientEvent, followEvents } from './follow-events.ts';
import type {
  AnswerOf,
  BodyOf,
  MayTakeArchive,
  Operation,
  PathOf,
  QueryOf,
  TakesArchive,
} from './operations/parts/operation.ts';
import type { OperationId, Operations } from './operations/operations.ts';
import { routes } from './routes.ts';
import { sendCall } from './send-call.ts';

type BodyPart<O extends Operation> =
  TakesArchive<O> extends true
    ? { readonly release?: string; readonly body?: Exact<BodyOf<O>>; readonly archive: Blob }
    : MayTakeArchive<O> extends true
      ? { readonly release?: string; readonly body: Exact<BodyOf<O>>; readonly archive?: Blob }
      : BodyOf<O> extends undefined
        ? object
        : { readonly body: Exact<BodyOf<O>> };

/** The parameters of a call: path parameters, query, body and archive, headers, and a signal to stop waiting. */
export type ClientCall<O extends Operation> = BodyPart<O> &
  Omit<CallParts, 'path' | 'query' | 'body' | 'release' | 'archive'> & {
    readonly query?: Partial<QueryOf<O>>;
    readonly signal?: AbortSignal;
  } & (keyof PathOf<O> extends never ? object : { readonly path: PathOf<O> });

type WithHeaders<R> = R extends { status: infer S; body: infer B }
  ? { readonly status: S; readonly body: Exact<B>; readonly headers: Headers }
  : never;

/** A successful response: the body that belongs to its status. */
export type ClientReply<O extends Operation> = WithHeaders<AnswerOf<O>>;

/** The parameters of `events`. `lastEventId`: only what came since. */
export type EventsCall = Omit<ClientCall<Operations['streamEvents']>, 'accept'>;

/**
 * One function for each operation of the contract. They throw ApiError for error responses, and TypeError if the server
 * cannot be reached; reads are repeated before that.
 */
export type Client = {
  readonly [Id in OperationId]: (call: ClientCall<Operations[Id]>) => Promise<ClientReply<Operations[Id]>>;
} & {
  /**
   * The events of `streamEvents`, one by one, without a gap: a stream that ends is opened again after the last id. Ends
   * when the signal is aborted. Throws ApiError if the server refuses the stream for good.
   */
  events(call?: EventsCall): AsyncGenerator<ClientEvent, void, undefined>;
};

/**
 * Creates a client of the server at `baseUrl`, for Node and browsers; a path in it is kept. It uses nothing but the
 * platform.
 */
export function createClient(baseUrl: string, options: ClientOptions = {}): Client {
  const connection = connectionOf(baseUrl, options);
  const calls: Record<string, unknown> = Object.fromEntries(
    Object.entries(routes).map(([id, route]: [string, Route]) => [
      id,
      (call: CallParts & { readonly signal?: AbortSignal }) => callOperation(connection, route, call),
    ]),
  );
  const events = (call: EventsCall = {}) => followEvents(connection, routes.streamEvents, call);
  // Each function serves the route of its own id; the types of the two are derived from the same operation.
  return { ...calls, events } as unknown as Client;
}

async function callOperation(
  connection: Connection,
  route: Route,
  call: CallParts & { readonly signal?: AbortSignal },
) {
  const request = requestOf(route, connection.base, call, connection.headers);
  return sendCall(connection, request, call.signal, async (answer) => ({
    status: answer.status,
    body: await bodyOf(route, answer),
    headers: answer.headers,
  }));
}

async function bodyOf(route: Route, answer: Response): Promise<unknown> {
  const { answer: form = 'json' } = route;
  switch (form) {
    case 'stream':
      return answer.body?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string>);
    case 'bytes':
      return new Uint8Array(await answer.arrayBuffer());
    case 'json':
    case 'text':
      return answerOf(await answer.text(), answer);
    default:
      return form satisfies never;
  }
}
