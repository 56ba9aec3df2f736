import type { Operation } from '../../../contract/operations/operation.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import type { AnyReply } from '../handlers/handler.ts';

/**
 * What `compatibility: original` changes between client and handlers (decision 22): the original's leniency, its empty
 * answers and its status codes. The rest of the mode is in the configuration of other parts: unknown keys of
 * dependencies are refused, and memory is in Mi.
 */
export interface OriginalMode {
  /**
   * The original read no change without a Content-Type, not even one without a body (pause, recover, restart).
   * @throws ProblemError CONTENT_TYPE_UNSUPPORTED for a POST or PUT without one
   */
  mustHaveContentType(method: string, contentType: string | undefined): void;
  /** POST of an existing name upgrades, PUT of an unknown one installs, DELETE of one is no error. */
  lenient<Query extends object>(row: Operation, query: Query): Query;
  /** Every change that was accepted answers 200 with an empty body, also with `async=true`. */
  reply(row: Operation, reply: AnyReply): AnyReply;
  /**
   * 404 where a GET finds no release, project, chart or task, 401 where the caller is not known (the original knew no
   * callers), 500 for every other error that an operation answers with.
   */
  statusOf(error: ProblemError, method: string): number;
}

const LENIENCIES = ['upsert', 'ignoreNotFound'] as const;

export const originalMode: OriginalMode = {
  mustHaveContentType(method, contentType) {
    if ((method === 'POST' || method === 'PUT') && contentType === undefined) {
      throw problem(
        'CONTENT_TYPE_UNSUPPORTED',
        '415: Unsupported Media Type: send the header Content-Type: application/json',
      );
    }
  },
  lenient(row, query) {
    const given = LENIENCIES.filter((name) => row.query !== undefined && Object.hasOwn(row.query, name));
    // The original's dry run only rendered.
    const rendersOnly = row.query !== undefined && Object.hasOwn(row.query, 'validate');
    return {
      ...query,
      ...Object.fromEntries(given.map((name) => [name, true])),
      ...(rendersOnly && { validate: 'client' }),
    };
  },
  reply(row, reply) {
    return row.responses[200]?.mayBeEmpty === true ? { ...reply, status: 200, body: undefined } : reply;
  },
  statusOf({ status, code }, method) {
    const isKept =
      (status === 404 && method === 'GET' && code !== 'REPOSITORY_NOT_FOUND') ||
      code === 'CONTENT_TYPE_UNSUPPORTED' ||
      status === 401;
    return isKept ? status : 500;
  },
};
