import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../../ports/runtime/clock.ts';

/** How long callbacks had to wait for the event loop. */
export interface EventLoopDelay {
  /** Of the last minute (half a minute at least), in seconds, by quantile: `0.5`, `0.99` and `1`, the longest. */
  quantiles(): [quantile: string, seconds: number][];
  stop(): void;
}

/** Milliseconds between two measurements, subtracted from each of them. */
const RESOLUTION_MS = 10;
const HALF_WINDOW_MS = 30_000;
const NANOSECONDS = 1e9;

/** Measures the event loop of this process until it is stopped. */
export function measureEventLoopDelay(clock: Pick<Clock, 'after'>): EventLoopDelay {
  /** Two that overlap: the older one is reported, and restarts when it is a minute old. */
  let [older, younger] = [
    monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
    monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
  ];
  older.enable();
  younger.enable();
  let stopTimer = clock.after(HALF_WINDOW_MS, turn);

  function turn(): void {
    older.reset();
    [older, younger] = [younger, older];
    stopTimer = clock.after(HALF_WINDOW_MS, turn);
  }

  return {
    quantiles() {
      const isEmpty = older.count === 0;
      const seconds = (nanoseconds: number) =>
        isEmpty ? 0 : Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000);
      return [
        ['0.5', seconds(older.percentile(50))],
        ['0.99', seconds(older.percentile(99))],
        ['1', seconds(older.max)],
      ];
    },
    stop() {
      stopTimer();
      older.disable();
      younger.disable();
    },
  };
}
