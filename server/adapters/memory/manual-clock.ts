import type { Clock } from '../../ports/runtime/clock.ts';

/** A clock that stands still until it is advanced. */
export type ManualClock = Clock & {
  /** Moves time on and runs what becomes due, in order; waits for promises between timers. */
  advance(ms: number): Promise<void>;
};

/** Starts at `startMs` (milliseconds since the epoch). */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  let timers: { at: number; run: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers = [...timers, timer].sort((a, b) => a.at - b.at);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let next = timers[0]; next !== undefined && next.at <= end; next = timers[0]) {
        timers = timers.slice(1);
        now = next.at;
        next.run();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
