import { backoffMs } from '../../../contract/backoff.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';

const TICK_MS = 1_000;
const RETRY = { initialMs: 500, maxMs: 10_000 };

/** A period in which this replica leads. */
export type LeaderTerm = {
  /** Aborted when the lead is lost, or the server stops. */
  signal: AbortSignal;
  /**
   * Starts a write that its receiver compares with no version, if this replica leads at this moment. The signal is not
   * enough: a process that was frozen goes on before it hears that its lease has expired, and would overwrite
   * what the next leader wrote.
   * @throws LeadLapsed where the lead is not certain any more; nothing is sent then.
   */
  send<T>(write: () => Promise<T>): Promise<T>;
};

/** Thrown instead of a write by a replica that is not certain to lead; ends the work, and is not a failure of it. */
class LeadLapsed extends Error {
  constructor() {
    super('this replica does not lead any more, so it writes nothing');
    this.name = 'LeadLapsed';
  }
}

/**
 * `work` runs until the signal of its term is aborted; if it throws, the error is reported and it starts again after a
 * growing backoff.
 */
export type LeadersWork = {
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  clock: Clock;
  work: (term: LeaderTerm) => Promise<void>;
  onError: (error: unknown) => void;
};

/** Runs work whenever and as long as this replica leads, until `signal` is aborted. */
export async function whileLeading(
  { leadership, clock, work, onError }: LeadersWork,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const { end, ...term } = termOf(leadership, signal);
    if (!leadership.isLeader()) {
      await sleep(clock, TICK_MS, signal).catch(() => undefined);
    } else {
      try {
        await work(term);
        failures = 0;
      } catch (error) {
        if (!(error instanceof LeadLapsed)) {
          onError(error);
          failures += 1;
          await sleep(clock, backoffMs(failures, RETRY), signal).catch(() => undefined);
        }
      }
    }
    end();
  }
}

function termOf(leadership: LeadersWork['leadership'], signal: AbortSignal): LeaderTerm & { end: () => void } {
  const lost = new AbortController();
  const unsubscribe = leadership.subscribe((leading) => {
    if (!leading) {
      lost.abort();
    }
  });
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    async send(write) {
      if (lost.signal.aborted || !leadership.isLeader()) {
        throw new LeadLapsed();
      }
      return write();
    },
    end: unsubscribe,
  };
}
