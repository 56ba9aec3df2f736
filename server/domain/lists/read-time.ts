import { problem } from '../errors/problem-error.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * A time in a parameter, in milliseconds since the epoch; undefined without one.
 * @throws ProblemError QUERY_INVALID unless it is RFC 3339
 */
export function readTime(parameter: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  // In a query string `+` is a blank unless it is escaped.
  const time = text.replace(' ', '+');
  const ms = RFC_3339.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(ms)) {
    const given = JSON.stringify(text.slice(0, 50));
    throw problem('QUERY_INVALID', `${parameter} ${given} is not a time such as 2026-03-01T12:00:00Z`, { parameter });
  }
  return ms;
}
