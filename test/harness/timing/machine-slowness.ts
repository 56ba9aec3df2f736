import { setTimeout as pause } from 'node:timers/promises';
import { referenceWork } from './processor-cost.ts';

/** Duration of the reference work on a fast, idle machine, in milliseconds. */
const FAST_MS = 1;
const TRIES = 15;
const EVERY_MS = 20;

/**
 * How many times slower this machine is at the moment than a fast, idle one; at least 1. Multiply limits of time that
 * hold for a fast machine by it.
 */
export async function machineSlowness(): Promise<number> {
  const times: number[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const started = performance.now();
    referenceWork();
    times.push(performance.now() - started);
    await pause(EVERY_MS);
  }
  // The median: one pause does not make a slow machine.
  return Math.max(1, (times.toSorted((a, b) => a - b)[Math.floor(TRIES / 2)] ?? FAST_MS) / FAST_MS);
}
