import { readFileSync } from 'node:fs';

/** The kernel's ticks are so many milliseconds. */
const TICK_MS = 10;

/**
 * What running processes have taken of the processor so far, in milliseconds, with those of their children that have ended;
 * one that is gone counts nothing.
 */
export function processorMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid) * TICK_MS, 0);
}

function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in brackets and may hold anything: utime, stime, cutime and cstime are 14 to 17.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0);
  } catch {
    return 0;
  }
}
