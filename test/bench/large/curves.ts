import { timed } from '../sample.ts';

/** What one kind of work takes at n, 2n, 4n and 8n: the best of several runs, in milliseconds. */
export interface Curve {
  what: string;
  sizes: readonly number[];
  best: readonly number[];
}

/**
 * Times `work` at `few`, twice, four times and eight times as many items; each is the best of `rounds`. The sizes take
 * turns, so that other load on the machine affects all of them.
 */
export async function measureCurve(
  what: string,
  few: number,
  rounds: number,
  work: (count: number) => Promise<unknown>,
): Promise<Curve> {
  const sizes = [1, 2, 4, 8].map((times) => few * times);
  const best = sizes.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, size] of sizes.entries()) {
      best[i] = Math.min(best[i] ?? 0, await timed(() => work(size)));
    }
  }
  return { what, sizes, best };
}

/** The factor of the last doubling: 2 is linear, 4 is quadratic. */
export function lastDoubling({ best }: Curve): number {
  return (best[3] ?? Number.NaN) / (best[2] ?? Number.NaN);
}
