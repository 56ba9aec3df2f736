import type { Clock } from '../../ports/runtime/clock.ts';

/** After this time, in milliseconds, other work goes first. */
const MAX_MS = 10;

/**
 * For work that needs the live view and so cannot run in a thread: call it between short steps. If the steps since the
 * last pause took long enough, it returns a promise to await, so that other work runs before the next step; otherwise
 * null.
 */
export type YieldTurn = () => Promise<void> | null;

export function createYieldTurn(clock: Pick<Clock, 'now'>): YieldTurn {
  let startedAt = clock.now();
  return function yieldTurn() {
    if (clock.now() - startedAt < MAX_MS) {
      return null;
    }
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        startedAt = clock.now();
        resolve();
      });
    });
  };
}
