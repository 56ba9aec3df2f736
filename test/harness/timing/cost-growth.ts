import { processorCost } from './processor-cost.ts';

/** How often both are measured: a garbage collection or compilation in one measurement is not there in each. */
const MAX_PAIRS = 4;
/** Below a few units a measurement is mostly noise, and harmless. */
const NOISE = 4;

/**
 * How many times the processor time of `small` the computation `large` takes, at least: the smallest ratio of several
 * pairs, measured until one is below `max`. Work that grows too fast does so in every pair.
 */
export function costGrowth(small: () => unknown, large: () => unknown, max: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let pair = 0; pair < MAX_PAIRS && least >= max; pair += 1) {
    least = Math.min(least, processorCost(large) / Math.max(NOISE, processorCost(small)));
  }
  return least;
}
