import { type Clock, sleep, timestamp } from '../../ports/runtime/clock.ts';

/** A part of the server, and what is wrong with it now: null when nothing is. `look` must be quick. */
export type LookedAtPart = { name: string; look: () => string | null };

/** How a part is doing, and since when (RFC 3339, to the second) it is well or not. */
export type PartHealth = { name: string; healthy: boolean; since: string; message?: string };

/** Remembers since when each part is as it is. */
export type HealthBoard = {
  /** Every part as it is now, in the order in which they are looked at. */
  list(): PartHealth[];
  /** Looks at the parts every second until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
};

const LOOK_EVERY_MS = 1_000;

/** `parts` answers the parts that there are now; one that is gone is forgotten. */
export function createHealthBoard(parts: () => readonly LookedAtPart[], clock: Clock): HealthBoard {
  let known = new Map<string, PartHealth>();

  function list(): PartHealth[] {
    const time = timestamp(clock);
    const now = parts().map(({ name, look }): PartHealth => {
      const message = look();
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
        await sleep(clock, LOOK_EVERY_MS, signal).catch(() => undefined);
      }
    },
  };
}
