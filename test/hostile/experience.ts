/** What an honest user experiences, in milliseconds per call. */
export interface Experience {
  gets: number[];
  installs: number[];
  /** Wrong answers that they received. */
  problems: string[];
}

/** Kinds of calls that are timed. */
export type Timed = 'gets' | 'installs';

/** Durations of calls, including those that are still waiting. */
export interface ExperienceRecord {
  /** Times one call; an exception counts as a problem. `wrong` says what is wrong with its result, or null. */
  time<T>(kind: Timed, call: () => Promise<T>, wrong: (result: T) => string | null): Promise<void>;
  addProblem(text: string): void;
  /** Calls that are waiting for an answer now. */
  waiting(): number;
  /** What was measured since the last call; a call that still waits counts with its time so far. */
  take(): Experience;
  /** Forgets the measurements, including calls under way: their delays belong to what was before. */
  restart(): void;
}

/** `now` is in milliseconds, of a monotonic clock. */
export function createExperienceRecord(now: () => number): ExperienceRecord {
  const empty = (): Experience => ({ gets: [], installs: [], problems: [] });
  const pending = new Map<symbol, { kind: Timed; began: number }>();
  let experience = empty();
  const addProblem = (text: string): void => void experience.problems.push(text);
  return {
    async time(kind, call, wrong) {
      const key = Symbol(kind);
      const began = now();
      pending.set(key, { kind, began });
      try {
        const problem = wrong(await call());
        if (problem !== null) addProblem(problem);
      } catch (error) {
        addProblem(error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error));
      }
      if (pending.delete(key)) experience[kind].push(now() - began);
    },
    addProblem,
    waiting: () => pending.size,
    take() {
      for (const { kind, began } of pending.values()) experience[kind].push(now() - began);
      const seen = experience;
      experience = empty();
      return seen;
    },
    restart() {
      pending.clear();
      experience = empty();
    },
  };
}
