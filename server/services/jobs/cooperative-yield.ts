import type { Clock } from '../../ports/runtime/clock.ts';

/** After this time, in milliseconds, other work goes first. */
const MAX_MS = 10;

/**
 * For work that needs the live view and so cannot run in a thread: call it between short steps. If the steps since the
 * last pause took long enough, it returns a promise to await, so that other work runs before the next step; otherwise
 * null. All works with the same clock share the time of each turn of the event loop: however many there are, other
 * events wait for about two of them.
 */
export type YieldTurn = () => Promise<void> | null;

/** A work that waits, and how often it has waited before. */
type Waiting = { before: number; proceed: () => void };

type Turns = { wait: (before: number) => Promise<void> };

const turnsOf = new WeakMap<object, Turns>();

export function createYieldTurn(clock: Pick<Clock, 'now'>): YieldTurn {
  const turns = turnsOf.get(clock) ?? createTurns(clock);
  turnsOf.set(clock, turns);
  let startedAt = clock.now();
  let waited = 0;
  return function yieldTurn() {
    if (clock.now() - startedAt < MAX_MS) {
      return null;
    }
    waited += 1;
    return turns.wait(waited - 1).then(() => {
      startedAt = clock.now();
    });
  };
}

function createTurns(clock: Pick<Clock, 'now'>): Turns {
  const waiting: Waiting[] = [];
  /** When the first of this turn proceeded. */
  let turnStartedAt: number | null = null;
  /** Whether not all could proceed in this turn, and in the one before. */
  let [isCrowded, wasCrowded] = [false, false];
  let isLongestNext = false;

  /** Runs once for each that waits. */
  function step(): void {
    const now = clock.now();
    if (turnStartedAt === null) {
      turnStartedAt = now;
      [isCrowded, wasCrowded] = [false, isCrowded];
      setImmediate(() => (turnStartedAt = null));
    } else if (now - turnStartedAt >= MAX_MS) {
      isCrowded = true;
      setImmediate(step);
      return;
    }
    waiting.splice(nextAt(), 1)[0]?.proceed();
  }

  /**
   * The one that waits longest; where not all can proceed in one turn, in turn with the one that waited least often
   * before: what is nearly done does not wait for all that takes long.
   */
  function nextAt(): number {
    isLongestNext = !isLongestNext;
    if (!wasCrowded || isLongestNext) {
      return 0;
    }
    return waiting.reduce((best, { before }, at) => (before < (waiting[best]?.before ?? 0) ? at : best), 0);
  }

  return {
    wait: (before) =>
      new Promise((resolve) => {
        waiting.push({ before, proceed: resolve });
        setImmediate(step);
      }),
  };
}
