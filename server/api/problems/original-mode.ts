import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import type { AnyReply } from '../handlers/handler.ts';

/**
 * What `compatibility: original` changes between client and handlers (decision 22: compatibility): the original's
 * leniency, its empty answers and its status codes. The rest of the mode is in the configuration of other parts:
 * unknown keys of dependencies are refused, and memory is in Mi.
 */
export interface OriginalMode {
  /**
   * The original Walm accepted no change without a Content-Type, not even one without a body (pause, recover, restart).
   * @throws ProblemError CONTENT_TYPE_UNSUPPORTED for a POST or PUT without one
   */
  mustHaveContentType(method: string, contentType: string | undefined): void;
  /**
   * POST of an existing name upgrades, or changes nothing (tenants); PUT of an unknown one installs, DELETE of one is not
   * an error.
   */
  lenient<Query extends object>(row: Operation, query: Query): Query;
  /** Every accepted change returns 200 with an empty body, even with `async=true`. */
  reply(row: Operation, reply: AnyReply): AnyReply;
  /**
   * 404 if a GET finds no release, project, chart, task, node, Secret, claim, storage class or tenant, 401 if the caller is not authenticated (the original had no
   * callers), 500 for every other error of an operation.
   */
  statusOf(error: ProblemError, method: string): number;
}

const LENIENCIES = ['upsert', 'ignoreNotFound', 'ignoreExisting', 'unwire'] as const;

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
    // A dry run of the original only rendered.
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
      (status === 404 && method === 'GET' && code !== 'REPOSITORY_NOT_FOUND' && code !== 'POD_NOT_FOUND') ||
      code === 'CONTENT_TYPE_UNSUPPORTED' ||
      status === 401;
    return isKept ? status : 500;
  },
};
