import { median, timed } from '../sample.ts';

/**
 * What one kind of work takes at n, 2n, 4n and 8n in milliseconds: the best of several, and their median of the
 * processor, which other work on the machine does not make longer. (Not the average: what is left of earlier work may be
 * cleared away in the middle of one.)
 */
export interface Curve {
  what: string;
  sizes: readonly number[];
  best: readonly number[];
  processor: readonly number[];
}

/** What is measured of a curve: the smallest size, and what is done at a size. */
export interface Growth {
  what: string;
  few: number;
  work: (count: number) => Promise<unknown>;
}

/**
 * Times the work at `few`, twice, four times and eight times as many, each `rounds` times, the sizes taking turns, so that
 * whatever else the machine does meets all of them. `processorMs` tells what was taken of the processor so far.
 */
export async function measureCurve(
  { what, few, work }: Growth,
  rounds: number,
  processorMs: () => number,
): Promise<Curve> {
  const sizes = [1, 2, 4, 8].map((times) => few * times);
  const best = sizes.map(() => Number.POSITIVE_INFINITY);
  const taken = sizes.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, size] of sizes.entries()) {
      const before = processorMs();
      best[i] = Math.min(best[i] ?? 0, await timed(() => work(size)));
      taken[i]?.push(processorMs() - before);
    }
  }
  return { what, sizes, best, processor: taken.map(median) };
}

/** By how much the last doubling multiplied: 2 is in proportion, 4 by the square. */
export function lastDoubling(times: readonly number[]): number {
  return (times[3] ?? Number.NaN) / (times[2] ?? Number.NaN);
}

/** The exponent of n that fits four times at n, 2n, 4n and 8n best: 1 is in proportion, 2 by the square. */
export function exponentOf(times: readonly number[]): number {
  const logs = times.map((time) => Math.log2(Math.max(time, 1)));
  return logs.reduce((sum, log, i) => sum + (i - 1.5) * log, 0) / 5;
}
