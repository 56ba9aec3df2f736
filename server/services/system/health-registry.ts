import { type Clock, sleep, timestamp } from '../../ports/runtime/clock.ts';

/** A part of the server, and its present problem: null if there is none. `check` must be fast. */
export type MonitoredPart = { name: string; check: () => string | null };

/** The health of a part, and since when (RFC 3339, to the second) it is healthy or not. */
export type PartHealth = { name: string; healthy: boolean; since: string; message?: string };

/** Records since when each part is healthy or not. */
export type HealthRegistry = {
  /** Every part with its present health, in the order in which the parts are checked. */
  list(): PartHealth[];
  /** Checks the parts every second until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
};

const CHECK_EVERY_MS = 1_000;

/** `parts` returns the present parts; a part that disappears is forgotten. */
export function createHealthRegistry(parts: () => readonly MonitoredPart[], clock: Clock): HealthRegistry {
  let known = new Map<string, PartHealth>();

  function list(): PartHealth[] {
    const time = timestamp(clock);
    const now = parts().map(({ name, check }): PartHealth => {
      const message = check();
      const healthy = message === null;
      const before = known.get(name);
      const since = before?.healthy === healthy ? before.since : time;
      return { name, healthy, since, ...(message !== null && { message }) };
    });
    known = new Map(now.map((part) => [part.name, part]));
    return now;
  }

  return {
    list,
    async run(signal) {
      while (!signal.aborted) {
        list();
        await sleep(clock, CHECK_EVERY_MS, signal).catch(() => undefined);
      }
    },
  };
}
