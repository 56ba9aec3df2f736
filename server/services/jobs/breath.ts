import type { Clock } from '../../ports/runtime/clock.ts';

/** After this time, in milliseconds, others go first. */
const MAX_MS = 10;

/**
 * For work that needs the live picture and so cannot go to a thread: to be called between its parts, each of them short.
 * Where the parts since the last pause took long enough it answers what to wait for, so that everything else goes on
 * before the next part; null where there is no need.
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
