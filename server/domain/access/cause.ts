import type { Caller } from './caller.ts';

/** The most that Helm's description of a revision holds here, in characters. */
const MAX_LENGTH = 256;

/** Why a revision was written, as its description and history say: `upgraded by alice`. */
export function causeOf(what: string, caller: Caller | null): string {
  const cause = caller === null ? what : `${what} by ${caller.user}`;
  return cause.length > MAX_LENGTH ? `${cause.slice(0, MAX_LENGTH - 1)}…` : cause;
}
