import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BodySpec, Operation } from '../../../contract/operations/parts/operation.ts';
import type { ProblemBody } from '../../../contract/problems/problem.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import { sendJson } from '../answers/json-answer.ts';
import type { OriginalMode } from './original-mode.ts';

/** An error of a step that has a prefix of its own (`failed to read request body: `). */
class StepError extends Error {
  readonly prefix: string;
  readonly problem: ProblemError;

  constructor(prefix: string, cause: ProblemError) {
    super(cause.message, { cause });
    this.name = 'StepError';
    this.prefix = prefix;
    this.problem = cause;
  }
}

/** Runs one step of a request; its expected errors get the step's prefix instead of the operation's. */
export async function step<T>(prefix: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ProblemError ? new StepError(prefix, error) : error;
  }
}

/**
 * Sends an error: an expected one by its code; anything else is logged once and sent as an opaque 500 with the request
 * id. Returns what was sent.
 */
export function sendProblem(
  error: unknown,
  operation: Operation | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  original?: OriginalMode,
): ProblemError {
  const found =
    error instanceof StepError ? error.problem : (asProblem(error, operation, request) ?? unexpected(error, request));
  const prefix = error instanceof StepError ? error.prefix : operationPrefix(operation, found, request);
  if (found.status === 408) {
    reply.header('connection', 'close');
  }
  if (found.status === 413) {
    // Fastify would close the connection; a client that is still sending would see that instead of the response.
    reply.removeHeader('connection');
  }
  if (found.status === 401) {
    reply.header('www-authenticate', 'Bearer realm="walm"');
  }
  if (found.status === 503 || found.status === 429) {
    reply.header('retry-after', String(retryAfterSec(found)));
  }
  void sendJson(
    reply.code(original?.statusOf(found, request.method) ?? found.status),
    problemBody(found, request.id, prefix),
  );
  return found;
}

/** Seconds after which the same request may succeed: from the problem, else one. */
function retryAfterSec({ code, details }: ProblemError): number {
  const { retryAfterSec: seconds } = details;
  const usual = code === 'TOO_MANY_TASKS' ? 5 : 1;
  return typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0 ? seconds : usual;
}

/** Webhooks of a cluster and callers may send texts of any length, but an answer is read by people. */
const MAX_MESSAGE_LENGTH = 16_000;

/** The body of an error response. */
export function problemBody(error: ProblemError, requestId: string, prefix = ''): ProblemBody {
  return {
    errorCode: -1,
    errCode: -1,
    errMessage: cutName(prefix + error.message, MAX_MESSAGE_LENGTH),
    code: error.code,
    requestId,
    details: { ...shortened(error.details), ...(error.object && { object: error.object }) },
  };
}

/** Details repeat what a caller has sent, such as the name of a repository. */
function shortened(details: ProblemError['details']): Record<string, unknown> {
  const cut = (value: unknown) => (typeof value === 'string' ? cutName(value, MAX_MESSAGE_LENGTH) : value);
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, cut(value)]));
}

function operationPrefix(operation: Operation | undefined, error: ProblemError, request: FastifyRequest): string {
  if (operation === undefined || operation.unprefixed?.includes(error.code)) {
    return '';
  }
  const parameters = request.params as Readonly<Record<string, string>>;
  return operation.errorPrefix.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
}

/** Types of content by kind of body. */
const TYPES = {
  json: ['application/json'],
  'chart-form': ['multipart/form-data'],
  'json-or-form': ['application/json', 'multipart/form-data'],
} as const satisfies Record<BodySpec['kind'], readonly string[]>;

/** Which types the operation accepts, and which one was sent. */
function typeUnsupported(operation: Operation | undefined, given: string | undefined): ProblemError {
  const types = TYPES[operation?.body?.kind ?? 'json'];
  const sent = given === undefined ? 'a body without Content-Type' : `the Content-Type ${cutName(given)}`;
  const what = operation?.body === undefined ? 'this operation needs no body, and reads' : 'this operation reads';
  return problem('CONTENT_TYPE_UNSUPPORTED', `${sent} is not supported: ${what} ${types.join(' or ')}`, { types });
}

/** The problem of an error: its own, or one of HTTP that Fastify found. */
function asProblem(
  error: unknown,
  operation: Operation | undefined,
  request: FastifyRequest,
): ProblemError | undefined {
  if (error instanceof ProblemError) {
    return error;
  }
  if (!(error instanceof Error) || !('code' in error)) {
    return undefined;
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('BODY_TOO_LARGE', 'the request body is larger than the server reads');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem('BODY_MALFORMED', 'the body does not have the length that Content-Length says');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return typeUnsupported(operation, request.headers['content-type']);
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problem('PATH_INVALID', 'a part of the path is longer than any name');
    case 'FST_ERR_BAD_URL':
      return problem('PATH_INVALID', 'the path is not validly encoded');
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return problem('BODY_MALFORMED', 'the client closed the connection while it sent the body');
    default:
      return refusedByFramework(error);
  }
}

/** A 4xx of Fastify or one of its plugins is a mistake of the client, whatever its name. */
function refusedByFramework(error: Error): ProblemError | undefined {
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) {
    return undefined;
  }
  return status === 403 || status === 404
    ? problem('ROUTE_NOT_FOUND', '404: Page Not Found: there is nothing at this path')
    : problem('BODY_MALFORMED', 'the request cannot be read');
}

function unexpected(error: unknown, request: FastifyRequest): ProblemError {
  request.log.error({ err: error, method: request.method, path: request.url.split('?')[0] }, 'unexpected error');
  return problem('INTERNAL', `an unexpected error; the server log has it under the request id ${request.id}`);
}
