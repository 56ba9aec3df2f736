import type { Clock } from '../../ports/runtime/clock.ts';

export type ComputingDeadlineDeps = {
  clock: Pick<Clock, 'now' | 'after'>;
  /** Time of the processor that has been used until now, in milliseconds: by the work, and perhaps by other work too. */
  computedMs: () => number;
  limitMs: number;
};

/** A machine that is busy keeps work waiting for a processor: this many times its limit, and it is given up all the same. */
const MAX_TIMES = 6;
const LOOK_AGAIN_MS = 50;

/**
 * Calls `late` once work that begins now has computed for longer than its limit, as far as can be told: what other work
 * computes meanwhile counts as well. A wait for a processor does not count. The function that is returned calls it off.
 */
export function startComputingDeadline({ clock, computedMs, limitMs }: ComputingDeadlineDeps, late: () => void) {
  const [begunAt, before] = [clock.now(), computedMs()];
  let cancel = (): void => undefined;
  const look = (): void => {
    const left = limitMs - (computedMs() - before);
    if (left <= 0 || clock.now() - begunAt >= limitMs * MAX_TIMES) {
      late();
      return;
    }
    cancel = clock.after(Math.max(left, LOOK_AGAIN_MS), look);
  };
  cancel = clock.after(limitMs, look);
  return (): void => cancel();
}

/** Time of the processor that the threads of this process but the calling one have used, in milliseconds. */
export function otherThreadsMs(): number {
  const [all, own] = [process.cpuUsage(), process.threadCpuUsage()];
  return (all.user + all.system - own.user - own.system) / 1000;
}
