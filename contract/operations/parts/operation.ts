import type { Static, TObject, TProperties, TSchema } from 'typebox';
import type { Access } from '../../schemas/access.ts';
import type { ProblemCode } from '../../problems/problem.ts';
import type { pathParameters } from './path-parameters.ts';

/** The body of a request: one JSON document, a form with a chart archive, or either. */
export type BodySpec =
  | {
      readonly kind: 'json';
      readonly schema: TSchema;
      readonly description: string;
      /** Prefix of the message if the body cannot be read; absent: `failed to read request body: `. */
      readonly errorPrefix?: string;
    }
  | {
      /** Parts `release` (text), `chart` (file) and `body` (JSON text of `schema`, optional), in any order. */
      readonly kind: 'chart-form';
      readonly schema: TSchema;
      readonly description: string;
      /** A refused archive reaches the handler, with the reason. */
      readonly takesFaulty?: true;
    }
  | {
      /** Either of the two, by the type of its content. */
      readonly kind: 'json-or-form';
      readonly schema: TSchema;
      readonly description: string;
    };

/** One response of an operation. */
export interface ResponseSpec {
  readonly description: string;
  /** Absent: the body is empty. */
  readonly schema?: TSchema;
  /** True: the body may also be empty, like the original Walm's responses to changes. */
  readonly mayBeEmpty?: boolean;
  /** True: a list that may be large; its JSON is written page by page. */
  readonly streamed?: true;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Types in which `Accept` can ask for the body, as bytes, instead of as `contentType`. */
  readonly alternatives?: readonly string[];
  /** True: the body may also be a stream of bytes. */
  readonly bytesStreamed?: true;
  /** Response headers and their descriptions. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One row of the API: everything that server, client and documentation need to know about an operation. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{parameter}` segments, each described in `path-parameters.ts`. */
  readonly path: string;
  readonly tag: 'release' | 'chart' | 'plugin' | 'task' | 'system' | 'project' | 'event' | 'cluster';
  /** Which callers may call it. */
  readonly access: Access;
  readonly summary: string;
  readonly description?: string;
  /** Query parameters: booleans, integers and texts. One with a default is never undefined in the handler. */
  readonly query?: TProperties;
  readonly body?: BodySpec;
  /** Request headers that the operation uses. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** The parameter with which the answer is a stream that goes on with what happens later. */
  readonly followedBy?: string;
  /** Served from what is known, with `stale: true`, before the view of the cluster is complete. */
  readonly servesStale?: true;
  /**
   * Its answers show secret values instead of `***`: they are never compressed. Required for every operation of that kind.
   */
  readonly holdsSecrets?: true;
  /** It reads objects of the cluster, as all GETs of the tag `cluster` do: a caller gets a few of its answers at once. */
  readonly readsObjects?: true;
  /** It changes nothing, and is in the audit log nevertheless: who read what it shows has to be known. */
  readonly audited?: true;
  /** Errors of its own, in addition to those of every operation. */
  readonly errors: readonly ProblemCode[];
  /** Prefix of every error message of the operation, like in the original Walm; `{parameter}` is filled in. */
  readonly errorPrefix: string;
  /** Errors whose message lacks the prefix (the original's 404s). */
  readonly unprefixed?: readonly ProblemCode[];
}

/** Checks a row of the table and keeps its literal types. */
export function operation<const O extends Operation>(row: O & PathIsDescribed<O['path']>): O {
  return row;
}

type ParameterNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

/** Makes a row with an undescribed path parameter fail to compile. */
type PathIsDescribed<P extends string> =
  Exclude<ParameterNames<P>, keyof typeof pathParameters> extends never ? unknown : never;

/** Path parameters of an operation by name. */
export type PathOf<O extends Operation> = { [Name in ParameterNames<O['path']>]: string };

type QueryProperties<O extends Operation> = O extends { query: infer Q extends TProperties }
  ? Q
  : Record<never, TSchema>;

/** Query parameters of an operation as its handler sees them. */
export type QueryOf<O extends Operation> = Static<TObject<QueryProperties<O>>>;

/** The parsed JSON body of an operation. */
export type BodyOf<O extends Operation> = O extends { body: { schema: infer S extends TSchema } }
  ? Static<S>
  : undefined;

/** Whether an operation takes a chart archive, in place of the body or beside it. */
export type MayTakeArchive<O extends Operation> = O extends { body: { kind: 'json-or-form' } } ? true : false;

/** Whether an operation requires a chart archive. */
export type TakesArchive<O extends Operation> = O extends { body: { kind: 'chart-form' } } ? true : false;

type ResponseBody<R extends ResponseSpec> = R extends { streamed: true }
  ? ReadableStream<string>
  : R extends { schema: infer S extends TSchema }
    ? | Static<S>
      | (R extends { mayBeEmpty: true } ? undefined : never)
      | (R extends { alternatives: readonly string[] } ? Uint8Array : never)
      | (R extends { bytesStreamed: true } ? ReadableStream<Uint8Array> : never)
    : undefined;

/** The body of a response as a client gets it: a long list in one piece. */
type ReceivedBody<R extends ResponseSpec> = R extends { streamed: true; schema: infer S extends TSchema }
  ? Static<S>
  : ResponseBody<R>;

/** Every response of an operation as a client gets it: status with the body that belongs to it. */
export type AnswerOf<O extends Operation> = {
  [Status in keyof O['responses'] & number]: {
    readonly status: Status;
    readonly body: ReceivedBody<O['responses'][Status]>;
  };
}[keyof O['responses'] & number];

/** Every response of an operation: status with the body that belongs to it. */
export type ReplyOf<O extends Operation> = {
  [Status in keyof O['responses'] & number]: {
    readonly status: Status;
    readonly body: ResponseBody<O['responses'][Status]>;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof O['responses'] & number];
