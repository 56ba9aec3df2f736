import type { Clock } from '../../ports/runtime/clock.ts';

/** After this time, in milliseconds, other work goes first. */
const MAX_MS = 10;

/**
 * For work that needs the live view and so cannot run in a thread: call it between short steps. If the steps since the
 * last pause took long enough, it returns a promise to await, so that other work runs before the next step; otherwise
 * null.
 */
export type Breath = () => Promise<void> | null;

export function createBreath(clock: Pick<Clock, 'now'>): Breath {
  let begun = clock.now();
  return function breath() {
    if (clock.now() - begun < MAX_MS) {
      return null;
    }
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        begun = clock.now();
        resolve();
      });
    });
  };
}
