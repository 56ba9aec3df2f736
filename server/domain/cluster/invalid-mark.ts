import { problem, type ProblemError } from '../errors/problem-error.ts';

/** LABEL_INVALID: a label, annotation or taint of a node that cannot be set, and why. */
export function invalidMark(message: string): ProblemError {
  return problem('LABEL_INVALID', message);
}

/** The beginning of what a caller sent, quoted. */
export function shownText(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
