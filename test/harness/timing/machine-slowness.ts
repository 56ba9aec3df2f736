import { setTimeout as pause } from 'node:timers/promises';
import { referenceWork } from './processor-cost.ts';

/** What the work of reference takes on a fast machine that does nothing else, in milliseconds. */
const FAST_MS = 1;
const TRIES = 15;
const EVERY_MS = 20;

/**
 * How many times as long as on a fast machine that does nothing else something takes at the moment; 1 at least. Bounds of
 * time that hold for a fast machine hold for this one when they are as many times as long.
 */
export async function machineSlowness(): Promise<number> {
  const times: number[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const started = performance.now();
    referenceWork();
    times.push(performance.now() - started);
    await pause(EVERY_MS);
  }
  // The middle: one pause is no slow machine.
  return Math.max(1, (times.toSorted((a, b) => a - b)[Math.floor(TRIES / 2)] ?? FAST_MS) / FAST_MS);
}
