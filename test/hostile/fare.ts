/** What an honest user experiences, in milliseconds per call. */
export interface Fare {
  gets: number[];
  installs: number[];
  /** Wrong answers that they received. */
  problems: string[];
}

/** Kinds of calls that are timed. */
export type Timed = 'gets' | 'installs';

/** Durations of calls, including those that are still waiting. */
export interface FareRecord {
  /** Times one call; an exception counts as a problem. `wrong` says what is wrong with its result, or null. */
  time<T>(kind: Timed, call: () => Promise<T>, wrong: (result: T) => string | null): Promise<void>;
  trouble(text: string): void;
  /** Calls that are waiting for an answer now. */
  waiting(): number;
  /** What was measured since the last call; a call that still waits counts with its time so far. */
  take(): Fare;
  /** Forgets the measurements, including calls under way: their delays belong to what was before. */
  restart(): void;
}

/** `now` is in milliseconds, of a monotonic clock. */
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
