import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ConnectionError, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { problemCatalogue } from '../../../contract/problems/catalogue.ts';
import type { ProblemCode } from '../../../contract/problems/problem.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';

/** The `data` of an engine error; see docs/reference/engine-protocol.md. */
const engineProblem = Compile(
  Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    object: Type.Optional(
      Type.Object({
        apiVersion: Type.Optional(Type.String()),
        kind: Type.Optional(Type.String()),
        namespace: Type.Optional(Type.String()),
        name: Type.Optional(Type.String()),
      }),
    ),
    field: Type.Optional(Type.String()),
    manager: Type.Optional(Type.String()),
  }),
);

/** Converts the error of a request to the engine into a problem of the catalogue; field and manager become details. */
export function problemOfEngine(error: unknown, method: string): ProblemError {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof ResponseError)) return unexpected(method, error);
  return problemOfAnswer(error.data, method, error);
}

/** Reads a problem from the engine's answer. */
export function problemOfAnswer(data: unknown, method: string, error?: unknown): ProblemError {
  if (!engineProblem.Check(data) || !isProblemCode(data.code)) return unexpected(method, error);
  const { code, message, object, field, manager } = data;
  const named = object?.name === undefined ? undefined : { ...object, kind: object.kind ?? '', name: object.name };
  // Only details are stored with a task.
  const details = {
    ...data.details,
    ...(named && { object: named }),
    ...(field && { field }),
    ...(manager && { manager }),
  };
  return new ProblemError(code, message, { details, ...(named && { object: named }), cause: error });
}

/** Converts the error of a callback into the engine's format; unexpected errors stay with the caller. */
export function errorForEngine(error: unknown): ResponseError<object> {
  const { code, message, details, object } =
    error instanceof ProblemError ? error : problem('INTERNAL', 'the server failed to change the documents');
  return new ResponseError(-32000, message, { code, message, details, ...(object && { object }) });
}

/** Error codes of the connection, not of the engine: a broken pipe, or a closed connection. */
const connectionCodes = new Set<number>([
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
]);

/** True for errors of the connection itself: the engine is terminating or gone, and it is unknown what it did. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ResponseError && connectionCodes.has(error.code));
}

/** The engine is not running, or stopped during the request. */
export function engineStopped(): ProblemError {
  return problem(
    'ENGINE_STOPPED',
    'the engine stopped before it answered; Walm reads the record of the release to see how far it got',
  );
}

/** The operation was cancelled before the engine received it. */
export function cancelledEarly(): ProblemError {
  return problem('CANCELLED', 'the operation was cancelled before it began');
}

/** The engine's answer violates the protocol: a version mismatch or a defect. */
export function answerNotUnderstood(method: string): ProblemError {
  return problem('INTERNAL', `the answer of the engine to ${method} is not understood`);
}

function unexpected(method: string, cause: unknown): ProblemError {
  return new ProblemError('INTERNAL', `the engine could not perform ${method}`, { cause });
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCatalogue, code);
}
