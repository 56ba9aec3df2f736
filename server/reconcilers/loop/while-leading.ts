import { backoffMs } from '../../ports/runtime/backoff.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';

const TICK_MS = 1_000;
const RETRY = { initialMs: 500, maxMs: 10_000 };

/**
 * `work` runs until its signal is aborted; if it throws, the error is reported and it starts again after a growing
 * backoff.
 */
export type LeadersWork = {
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  clock: Clock;
  work: (reign: AbortSignal) => Promise<void>;
  onError: (error: unknown) => void;
};

/** Runs work whenever and as long as this replica leads, until `signal` is aborted. */
export async function whileLeading(
  { leadership, clock, work, onError }: LeadersWork,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const reign = reignOf(leadership, signal);
    if (!leadership.isLeader()) {
      await sleep(clock, TICK_MS, signal).catch(() => undefined);
    } else {
      try {
        await work(reign.signal);
        failures = 0;
      } catch (error) {
        onError(error);
        failures += 1;
        await sleep(clock, backoffMs(failures, RETRY), signal).catch(() => undefined);
      }
    }
    reign.end();
  }
}

/** A signal that is aborted when the lead is lost, or the server stops. */
function reignOf(leadership: Pick<Leadership, 'subscribe'>, signal: AbortSignal) {
  const lost = new AbortController();
  const unsubscribe = leadership.subscribe((leading) => {
    if (!leading) {
      lost.abort();
    }
  });
  return { signal: AbortSignal.any([signal, lost.signal]), end: unsubscribe };
}
