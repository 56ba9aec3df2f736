import { median, timed } from '../../bench/sample.ts';
import { againWhenSlow } from './again-when-slow.ts';

const CALLS = 50;
/** So many times as slow, and some milliseconds, is still as quick: what else a machine does is measured, too. */
const TIMES = 5;
const NOISE_MS = 20;

/**
 * Measures calls while it is quiet; the function that it answers measures them again, and tells whether they are about as
 * quick as they were. Medians of one run on one machine are compared, and a machine that was only busy is tried again.
 */
export async function asQuickAsBefore(
  call: () => Promise<unknown>,
  clock: { now(): number } = performance,
): Promise<() => Promise<boolean>> {
  const measure = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < CALLS; i += 1) times.push(await timed(call, clock));
    return median(times);
  };
  // The first ones prepare what later ones find prepared.
  await measure();
  const quietMs = await measure();
  const isSlow = (ms: number): boolean => ms > quietMs * TIMES + NOISE_MS;
  return async () => !isSlow(await againWhenSlow(measure, isSlow));
}
