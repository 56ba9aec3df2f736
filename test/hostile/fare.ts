/** How an honest user fares, in milliseconds a call. */
export interface Fare {
  gets: number[];
  installs: number[];
  /** What they were told that they should not have been told. */
  problems: string[];
}

/** Kinds of calls that are timed. */
export type Timed = 'gets' | 'installs';

/** Times of calls, those included that are still waiting. */
export interface FareRecord {
  /** Times one call; it may throw, which is a trouble. `wrong` says what is wrong with its result, or null. */
  time<T>(kind: Timed, call: () => Promise<T>, wrong: (result: T) => string | null): Promise<void>;
  trouble(text: string): void;
  /** Calls that wait for an answer now. */
  waiting(): number;
  /** What was seen since the last call; a call that still waits counts with how long it has waited. */
  take(): Fare;
  /** Forgets what was seen, and the calls under way with it: what held them up belongs to what was before. */
  restart(): void;
}

/** `now` is in milliseconds, of a clock that never goes back. */
export function createFareRecord(now: () => number): FareRecord {
  const empty = (): Fare => ({ gets: [], installs: [], problems: [] });
  const pending = new Map<symbol, { kind: Timed; began: number }>();
  let fare = empty();
  const trouble = (text: string): void => void fare.problems.push(text);
  return {
    async time(kind, call, wrong) {
      const key = Symbol(kind);
      const began = now();
      pending.set(key, { kind, began });
      try {
        const problem = wrong(await call());
        if (problem !== null) trouble(problem);
      } catch (error) {
        trouble(error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error));
      }
      if (pending.delete(key)) fare[kind].push(now() - began);
    },
    trouble,
    waiting: () => pending.size,
    take() {
      for (const { kind, began } of pending.values()) fare[kind].push(now() - began);
      const seen = fare;
      fare = empty();
      return seen;
    },
    restart() {
      pending.clear();
      fare = empty();
    },
  };
}
