import { type Clock, sleep } from '../../ports/runtime/clock.ts';

/** Lets a loop sleep until something happens. */
export type Alarm = {
  ring(): void;
  /** Sleeps until the alarm rings, at most `atMostMs`, or until `signal` is aborted; never rejects. */
  wait(atMostMs: number, signal: AbortSignal): Promise<void>;
};

/** An alarm for one loop: a ring while the loop is awake is dropped, because the loop checks everything anyway. */
export function createAlarm(clock: Clock): Alarm {
  let ring = (): void => undefined;
  return {
    ring: () => ring(),
    async wait(atMostMs, signal) {
      const rung = new Promise<void>((resolve) => (ring = resolve));
      const over = new AbortController();
      const slept = sleep(clock, atMostMs, AbortSignal.any([signal, over.signal])).catch(() => undefined);
      await Promise.race([rung, slept]);
      over.abort();
    },
  };
}
