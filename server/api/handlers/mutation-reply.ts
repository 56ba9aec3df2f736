import type { Warning } from '../../../contract/schemas/warning.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { MutationOptions, MutationOutcome } from '../../services/tasks/release-mutation.ts';
import type { CallContext } from './handler.ts';
import { unique } from '../answers/warnings-header.ts';

/** The query parameters that every change has. */
interface MutationQuery {
  readonly async: boolean;
  readonly timeoutSec: number;
  readonly strict: boolean;
  readonly force: boolean;
  readonly expectedRevision?: number;
  readonly operationTimeoutSec?: number;
}

/**
 * The options of a change, from its call.
 * @throws ProblemError QUERY_INVALID `Timeout reached` for a negative `timeoutSec` (decision 28: timeoutSec bounds the
 * wait)
 */
export function mutationOptions(call: CallContext & { readonly query: MutationQuery }): MutationOptions {
  const { async, timeoutSec, strict, force, expectedRevision, operationTimeoutSec } = call.query;
  if (timeoutSec < 0) {
    throw problem('QUERY_INVALID', 'Timeout reached', { parameter: 'timeoutSec', minimum: 0 });
  }
  const { requestId, caller, warnings, idempotencyKey } = call;
  return {
    waiting: async ? null : { ...(timeoutSec > 0 && { timeoutMs: timeoutSec * 1000 }) },
    ...(strict && { strict }),
    requestId,
    caller,
    warnings,
    ...(force && { force }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(expectedRevision !== undefined && { expectedRevision }),
    ...(operationTimeoutSec !== undefined && { operationTimeoutMs: operationTimeoutSec * 1000 }),
  };
}

/** The answer to a change: 200, empty if there is nothing to report; 202 with the task while it is unfinished. */
export function mutationReply({ task, finished, warnings }: MutationOutcome, request: readonly Warning[]) {
  const all = unique([...request, ...warnings]);
  const headers: Record<string, string> = task === null ? {} : { 'walm-task-id': task.id };
  if (!finished && task !== null) {
    return { status: 202, body: { task, warnings: all }, headers } as const;
  }
  return { status: 200, body: all.length > 0 ? { warnings: all } : undefined, headers } as const;
}
