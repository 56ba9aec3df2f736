import type { Clock } from '../../ports/runtime/clock.ts';

/** How many parts of one namespace may be worked on at once, and how many more with each millisecond. */
const ALLOWANCE = 10_000;
const BACK_PER_MS = 1;
/** No pause is longer. */
const MAX_PAUSE_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/**
 * Bounds the share of time that the releases of one namespace take, however often they change, and however their parts
 * are cut into releases: work is taken from an allowance of the namespace, which comes back with time. While it is used up
 * nothing is done for it, and while little is left one after the other.
 */
export interface PacedWork {
  /** Milliseconds until a release of the namespace may be worked on; 0: now. */
  waitMs(namespace: string): number;
  /** Notes the beginning of some work. @returns notes its end, and how many parts the release had */
  begin(namespace: string): (parts: number) => void;
}

type Space = { left: number; at: number; running: number };

/** `freeParts` of each release cost nothing: most have less. */
export function createPacedWork(clock: Pick<Clock, 'now'>, freeParts: number): PacedWork {
  /** Those of which anything is missing. */
  const spaces = new Map<string, Space>();

  function spaceOf(namespace: string): Space {
    const now = clock.now();
    const { left, at, running } = spaces.get(namespace) ?? { left: ALLOWANCE, at: now, running: 0 };
    return { left: Math.min(ALLOWANCE, left + (now - at) * BACK_PER_MS), at: now, running };
  }

  function keep(namespace: string, space: Space): void {
    if (space.left >= ALLOWANCE && space.running === 0) {
      spaces.delete(namespace);
    } else {
      spaces.set(namespace, space);
    }
  }

  return {
    waitMs(namespace) {
      if (!spaces.has(namespace)) {
        return 0;
      }
      const { left, running } = spaceOf(namespace);
      if (left <= 0) {
        return Math.ceil((1 - left) / BACK_PER_MS);
      }
      return running > 0 && left < ALLOWANCE / 2 ? LOOK_AGAIN_MS : 0;
    },
    begin(namespace) {
      const before = spaceOf(namespace);
      keep(namespace, { ...before, running: before.running + 1 });
      return (parts) => {
        const { left, at, running } = spaceOf(namespace);
        const rest = left - Math.max(0, parts - freeParts);
        keep(namespace, { left: Math.max(rest, -MAX_PAUSE_MS * BACK_PER_MS), at, running: running - 1 });
      };
    },
  };
}
