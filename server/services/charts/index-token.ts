import { createHash } from 'node:crypto';
import { problem } from '../../domain/errors/problem-error.ts';

/** A position in a list of charts: after this many versions of a chart. */
export interface ListPosition {
  readonly chart: string;
  readonly versions: number;
}

/** Longer than any name of a chart makes it. */
const MAX_TOKEN = 2_000;

function tagOf(filter: unknown): string {
  return createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 12);
}

/** The `continue` of a list with this filter. It is a position by names, so it stays valid when the index changes. */
export function tokenOf({ chart, versions }: ListPosition, filter: unknown): string {
  return Buffer.from(JSON.stringify([tagOf(filter), chart, versions])).toString('base64url');
}

/**
 * The position of a `continue`.
 * @throws ProblemError QUERY_INVALID if it is not one of a list with this filter
 */
export function positionOf(token: string, filter: unknown): ListPosition {
  const [tag, chart, versions, ...rest] = parsed(token);
  if (
    tag !== tagOf(filter) ||
    typeof chart !== 'string' ||
    typeof versions !== 'number' ||
    !Number.isSafeInteger(versions) ||
    versions < 0 ||
    rest.length > 0
  ) {
    throw problem('QUERY_INVALID', 'continue is not a value that this list returned with the same filters', {
      parameter: 'continue',
    });
  }
  return { chart, versions };
}

function parsed(token: string): unknown[] {
  try {
    const value: unknown = token.length > MAX_TOKEN ? null : JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
