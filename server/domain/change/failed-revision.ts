import type { ProblemCode } from '../../../contract/problems/problem.ts';
import { problem, type ProblemError } from '../errors/problem-error.ts';

/** A failed revision as it is recorded: Helm's description, and what its operation would have answered, if that was noted. */
export type FailedRevision = {
  revision: number;
  description: string;
  failure?: { code: ProblemCode; message: string; details: Record<string, unknown> };
};

/** What Helm's description of an attempt says if a hook of it failed, or could not be made. */
const OF_HOOKS =
  /\bfailed (?:pre|post)-install: |\b(?:pre|post)-\w+ hooks? failed\b|\b[Hh]ook \S+ \S+ failed\b|\ba hook failed\b/;

/**
 * The problem of a change (`what`) of which the revision failed, and the process ended before it could answer: in the code of
 * the live refusal if it was noted. Otherwise the description is all that is left: HOOK_FAILED if it is about a hook,
 * else REVISION_FAILED. It quotes what the chart made, secrets too.
 */
export function failedRevision(
  what: string,
  { revision, description, failure }: FailedRevision,
  state: string,
): ProblemError {
  if (failure === undefined) {
    const code = OF_HOOKS.test(description) ? 'HOOK_FAILED' : 'REVISION_FAILED';
    return problem(code, `${what} failed: ${description}${state}`, { revision });
  }
  const { code, message, details } = failure;
  return problem(code, `${what} failed: ${message}${state}`, { ...details, revision });
}
