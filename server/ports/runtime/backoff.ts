/** The pauses between attempts, in milliseconds. */
export type Backoff = { initialMs: number; maxMs: number };

/**
 * The pause after `failures` attempts that failed in a row, at least one: doubled each time, up to the maximum. With
 * `random`, which gives numbers in [0, 1), the upper half of it is random, so that many who failed together do not come
 * back together.
 */
export function backoffMs(failures: number, { initialMs, maxMs }: Backoff, random?: () => number): number {
  const wholeMs = Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1));
  return random === undefined ? wholeMs : wholeMs / 2 + (wholeMs / 2) * random();
}
