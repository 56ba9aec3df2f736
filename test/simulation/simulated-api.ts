import { operations, type OperationId } from '../../contract/operations/operations.ts';
import type { Operation } from '../../contract/operations/parts/operation.ts';
import { problemCatalogue } from '../../contract/problems/catalogue.ts';
import { handlerOf } from '../../server/api/handlers/handler.ts';
import { readQuery } from '../../server/api/requests/query-parsing.ts';
import type { HttpServerDependencies } from '../../server/api/routes/http-server.ts';
import { problem, ProblemError } from '../../server/domain/errors/problem-error.ts';

/** A request of an operation, without HTTP. */
export interface SimulatedRequest {
  id: OperationId;
  path: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** The header Idempotency-Key. */
  key?: string;
}

/** An answer; `code` and `task` are those of a problem, or of a change. */
export interface SimulatedAnswer {
  status: number;
  body: unknown;
  code?: string;
  task?: string;
}

/** Answers requests like the HTTP server, without HTTP. */
export type SimulatedApi = (request: SimulatedRequest, signal: AbortSignal) => Promise<SimulatedAnswer>;

/** Runs the checks of the HTTP server before the operations' handlers. */
export function createSimulatedApi({ handlers, reading }: HttpServerDependencies): SimulatedApi {
  return async ({ id, path, query = {}, body, key }, signal) => {
    const row: Operation = operations[id];
    try {
      const reason = row.servesStale === true && reading.hasSomething() ? null : reading.starting();
      if (reason !== null) throw problem('NOT_READY', `the server is starting: ${reason}`);
      const { values } = readQuery(row.query ?? {}, query, 'refuse');
      const reply = await handlerOf(
        handlers,
        id,
      )({
        requestId: key ?? 'request',
        caller: null,
        visible: reading.access.authorization.visibleTo(null),
        signal: AbortSignal.any([signal, reading.stopping]),
        idempotencyKey: key,
        lastEventId: undefined,
        accept: '',
        ifNoneMatch: undefined,
        whenLong: () => Promise.resolve(),
        warnings: [],
        path,
        query: values,
        body,
        archive: undefined,
      });
      const task = reply.headers?.['walm-task-id'];
      return { status: reply.status, body: reply.body, ...(task !== undefined && { task }) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, message, details } = error;
      const task = typeof details['task'] === 'string' ? details['task'] : undefined;
      return { status: problemCatalogue[code].status, code, body: message, ...(task !== undefined && { task }) };
    }
  };
}
