import type { Clock } from '../../ports/runtime/clock.ts';

/** The maximum of a Node timer; a longer one fires at once. */
const MAX_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    let timer = start(delayMs, next);
    let left = delayMs - MAX_MS;
    function next(): void {
      if (left <= 0) {
        run();
        return;
      }
      timer = start(left, next);
      left -= MAX_MS;
    }
    return () => clearTimeout(timer);
  },
};

function start(delayMs: number, run: () => void): NodeJS.Timeout {
  const timer = setTimeout(run, Math.min(delayMs, MAX_MS));
  timer.unref();
  return timer;
}
