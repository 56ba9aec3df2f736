import type {
  BodyOf,
  MayTakeArchive,
  Operation,
  PathOf,
  QueryOf,
  ReplyOf,
  TakesArchive,
} from '../../../contract/operations/parts/operation.ts';
import type { OperationId, Operations } from '../../../contract/operations/operations.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { WhenLong } from '../../services/jobs/long-answer.ts';
import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { UploadedArchive } from '../../services/tasks/release-mutation.ts';

/** The context of every call. */
export interface CallContext {
  readonly requestId: string;
  /** Null is Walm's own identity (no authentication). */
  readonly caller: Caller | null;
  /** The namespaces that the caller may list; operations leave out everything else. */
  readonly visible: VisibleNamespaces | null;
  /** Aborted when the client disconnects: stop waiting. Accepted tasks carry on. */
  readonly signal: AbortSignal;
  /** The header Idempotency-Key. */
  readonly idempotencyKey: string | undefined;
  /** The header Last-Event-ID. */
  readonly lastEventId: string | undefined;
  /** The header Accept; empty if there is none. */
  readonly accept: string;
  /** The header If-None-Match. */
  readonly ifNoneMatch: string | undefined;
  /** Warnings about the request: unknown fields and parameters. */
  readonly warnings: readonly Warning[];
  /** To be awaited before a long answer is made. */
  readonly whenLong: WhenLong;
}

/** One call of an operation, parsed by its row of the contract. */
export interface Call<O extends Operation> extends CallContext {
  readonly path: PathOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  readonly archive: TakesArchive<O> extends true
    ? UploadedArchive
    : MayTakeArchive<O> extends true
      ? UploadedArchive | undefined
      : undefined;
}

/** Handles calls of one operation; throws ProblemError for expected errors. */
export type Handler<O extends Operation> = (call: Call<O>) => Promise<ReplyOf<O>>;

/** The handlers of some operations. */
export type HandlersOf<Id extends OperationId> = { readonly [K in Id]: Handler<Operations[K]> };

/** A handler for every operation of the contract: a missing or wrong one does not compile. */
export type Handlers = HandlersOf<OperationId>;

/** A handler without its operation's types, as the server calls it after parsing by the contract. */
export type AnyHandler = (
  call: CallContext & { path: object; query: object; body: unknown; archive: UploadedArchive | undefined },
) => Promise<AnyReply>;

/** An answer without its operation's types. */
export interface AnyReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the handlers of the whole contract unchanged; exists so that the compiler checks them in one place. */
export function defineHandlers(handlers: Handlers): Handlers {
  return handlers;
}

/** The handler of an operation, without its types. */
export function handlerOf(handlers: Handlers, id: OperationId): AnyHandler {
  // Sound because the server parses each call by the row of the same id that gave the handler its types.
  return handlers[id] as unknown as AnyHandler;
}
