import type { Clock } from '../../ports/clock.ts';

export type ShortMemoryDeps<T> = {
  clock: Pick<Clock, 'now'>;
  /** Most answers that are remembered; the oldest are forgotten first. */
  most: number;
  /** How long an answer is good, in milliseconds. */
  lifeMs: (answer: T) => number;
};

/** Answers that are good for a short time; who asks while a question is on its way shares its answer. */
export interface ShortMemory<T> {
  /** `anew`: ask whatever is remembered, and remember what comes of it. Failures are not remembered. */
  recall(key: string, ask: () => Promise<T>, anew?: boolean): Promise<T>;
}

export function createShortMemory<T>({ clock, most, lifeMs }: ShortMemoryDeps<T>): ShortMemory<T> {
  const known = new Map<string, { answer: Promise<T>; until: number }>();

  return {
    recall(key, ask, anew = false) {
      const found = known.get(key);
      if (!anew && found !== undefined && clock.now() < found.until) {
        return found.answer;
      }
      const entry = { answer: ask(), until: Number.POSITIVE_INFINITY };
      known.delete(key);
      known.set(key, entry);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) {
        known.delete(oldest);
      }
      entry.answer.then(
        (answer) => {
          entry.until = clock.now() + lifeMs(answer);
        },
        () => {
          if (known.get(key) === entry) {
            known.delete(key);
          }
        },
      );
      return entry.answer;
    },
  };
}
