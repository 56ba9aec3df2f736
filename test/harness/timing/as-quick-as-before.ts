import { median, timed } from '../../bench/sample.ts';
import { againWhenSlow } from './again-when-slow.ts';

const CALLS = 50;
/**
 * As quick as before means at most this many times as slow, plus some milliseconds: other load on the machine is
 * measured, too.
 */
const TIMES = 5;
const NOISE_MS = 20;

/**
 * Measures calls while it is quiet. The function that it returns measures them again, and reports whether they are
 * about as quick. It compares medians of one run on one machine, and repeats if the machine was only busy.
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
  // The first calls prepare what later calls find prepared.
  await measure();
  const quietMs = await measure();
  const isSlow = (ms: number): boolean => ms > quietMs * TIMES + NOISE_MS;
  return async () => !isSlow(await againWhenSlow(measure, isSlow));
}
