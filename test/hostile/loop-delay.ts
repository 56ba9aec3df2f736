import { createHistogram } from 'node:perf_hooks';

/** How late the event loop was because of its own computation, in milliseconds. */
export interface LoopDelays {
  p99: number;
  max: number;
}

/** Delays as a request that arrives at any moment meets them. */
export interface LoopDelayRecord {
  /** One tick that should have come `everyMs` after the previous one and came `lateMs` later. */
  add(lateMs: number): void;
  /** What was recorded since the last call. */
  take(): LoopDelays;
}

/**
 * A timer that is five seconds late is only one sample, although every request within these five seconds waited. So the
 * samples missing because of the delay are added, each shorter by one tick, and a share of the samples is a share of
 * time.
 */
export function createLoopDelayRecord(everyMs: number): LoopDelayRecord {
  const histogram = createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
  let max = 0;
  return {
    add(lateMs) {
      max = Math.max(max, lateMs);
      for (let waited = lateMs; waited > 0; waited -= everyMs) histogram.record(Math.max(1, Math.round(waited * 1000)));
      if (lateMs <= 0) histogram.record(1);
    },
    take() {
      const delays = { p99: histogram.count === 0 ? 0 : histogram.percentile(99) / 1000, max };
      histogram.reset();
      max = 0;
      return delays;
    },
  };
}
