import type { Clock } from '../../ports/runtime/clock.ts';

export type ComputingDeadlineDeps = {
  clock: Pick<Clock, 'now' | 'after'>;
  /** CPU time used until now, in milliseconds: by the work, and perhaps by other work too. */
  computedMs: () => number;
  limitMs: number;
};

/** On a busy machine work waits for a processor: after this many times its limit it is given up anyway. */
const MAX_TIMES = 6;
const RECHECK_MS = 50;

/**
 * Calls `late` once work that starts now has used more CPU time than its limit, as far as that is measurable: CPU time
 * of concurrent work counts as well. Waiting for a processor does not count. The returned function cancels it.
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
    cancel = clock.after(Math.max(left, RECHECK_MS), look);
  };
  cancel = clock.after(limitMs, look);
  return (): void => cancel();
}

/** CPU time used by all threads of this process except the calling one, in milliseconds. */
export function otherThreadsMs(): number {
  const [all, own] = [process.cpuUsage(), process.threadCpuUsage()];
  return (all.user + all.system - own.user - own.system) / 1000;
}
