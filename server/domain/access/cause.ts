import type { Caller } from './caller.ts';

/** Maximum length of Helm's description of a revision, in characters. */
const MAX_LENGTH = 256;

/** Why a revision was written, for its description and history: `upgraded by alice`. */
export function causeOf(what: string, caller: Caller | null): string {
  const cause = caller === null ? what : `${what} by ${caller.user}`;
  return cause.length > MAX_LENGTH ? `${cause.slice(0, MAX_LENGTH - 1)}…` : cause;
}
