/** The delays between attempts, in milliseconds. */
export type Backoff = { initialMs: number; maxMs: number };

/**
 * The delay after `failures` (at least one) consecutive failed attempts: doubled each time, up to the maximum. With
 * `random`, which returns numbers in [0, 1), the upper half of the delay is random, so that clients that failed
 * together do not retry together.
 */
export function backoffMs(failures: number, { initialMs, maxMs }: Backoff, random?: () => number): number {
  const wholeMs = Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1));
  return random === undefined ? wholeMs : wholeMs / 2 + (wholeMs / 2) * random();
}
