import type { Clock } from '../../ports/runtime/clock.ts';

/** Records with fewer objects and hooks are read whenever they change. */
const LARGE = 1_000;
/** The pause of a namespace after such a record was read, for each of them. */
const PAUSE_MS_PER_PART = 1;
const MAX_PAUSE_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/**
 * Bounds the share of time that reading large records of one namespace takes, however often they are rewritten: after
 * one of them its namespace pauses in proportion, and until the pause is over and some time more its records are read
 * one after the other. What Walm changes itself is shown without being read.
 */
export interface LargeReads {
  /** Milliseconds until a record of the namespace may be read; 0: now. */
  waitMs(namespace: string): number;
  /** Notes a read. @returns notes its end, and what was read: how many objects and hooks it has */
  begin(namespace: string): (parts: number) => void;
}

export function createLargeReads(clock: Pick<Clock, 'now'>): LargeReads {
  const spaces = new Map<string, { until: number; reading: number }>();

  return {
    waitMs(namespace) {
      const space = spaces.get(namespace);
      if (space === undefined || space.until === 0) {
        return 0;
      }
      const left = space.until - clock.now();
      if (left > 0) {
        return left;
      }
      if (space.reading > 0) {
        return LOOK_AGAIN_MS;
      }
      if (left <= -MAX_PAUSE_MS) {
        spaces.delete(namespace);
      }
      return 0;
    },
    begin(namespace) {
      const space = spaces.get(namespace) ?? { until: 0, reading: 0 };
      spaces.set(namespace, space);
      space.reading += 1;
      return (parts) => {
        space.reading -= 1;
        if (parts >= LARGE) {
          const now = clock.now();
          space.until = Math.min(Math.max(space.until, now) + parts * PAUSE_MS_PER_PART, now + MAX_PAUSE_MS);
        }
        if (space.reading === 0 && space.until === 0) {
          spaces.delete(namespace);
        }
      };
    },
  };
}
