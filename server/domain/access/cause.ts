import type { Caller } from './caller.ts';

/** The most that Helm's description of a revision holds here, in characters. */
const LONGEST = 256;

/** Why a revision was written, as its description and history say: `upgraded by alice`. */
export function causeOf(what: string, caller: Caller | null): string {
  const cause = caller === null ? what : `${what} by ${caller.user}`;
  return cause.length > LONGEST ? `${cause.slice(0, LONGEST - 1)}…` : cause;
}
