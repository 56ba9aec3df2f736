import type { Clock } from '../../ports/runtime/clock.ts';

export type ShortMemoryDeps<T> = {
  clock: Pick<Clock, 'now'>;
  /** Most answers that are remembered; the oldest are forgotten first. */
  max: number;
  /** How long an answer is good, in milliseconds. */
  lifeMs: (answer: T) => number;
};

/**
 * Answers that are good for a short time; who asks while a question is on its way shares its answer. Who asks again and
 * again never waits: in the second half of its life an answer is asked for anew while it is given.
 */
export interface ShortMemory<T> {
  /** `anew`: ask whatever is remembered, and remember what comes of it. Failures are not remembered. */
  recall(key: string, ask: () => Promise<T>, anew?: boolean): Promise<T>;
}

export function createShortMemory<T>({ clock, max, lifeMs }: ShortMemoryDeps<T>): ShortMemory<T> {
  const known = new Map<string, Entry<T>>();

  function keep(key: string, entry: Entry<T>): void {
    known.delete(key);
    known.set(key, entry);
    const [oldest] = known.keys();
    if (known.size > max && oldest !== undefined) {
      known.delete(oldest);
    }
  }

  function date(entry: Entry<T>, answer: T): void {
    const [now, life] = [clock.now(), lifeMs(answer)];
    entry.until = now + life;
    entry.askedAgainAt = now + life / 2;
  }

  function askAgain(key: string, old: Entry<T>, ask: () => Promise<T>): void {
    old.askedAgainAt = Number.POSITIVE_INFINITY;
    const entry = undated(ask());
    entry.answer.then(
      (answer) => {
        date(entry, answer);
        // Whatever was asked for since is newer.
        if (known.get(key) === old) keep(key, entry);
      },
      // The old answer is good until its end; who comes then asks, and is told what is wrong.
      () => undefined,
    );
  }

  return {
    recall(key, ask, anew = false) {
      const found = known.get(key);
      if (!anew && found !== undefined && clock.now() < found.until) {
        if (clock.now() >= found.askedAgainAt) askAgain(key, found, ask);
        return found.answer;
      }
      const entry = undated(ask());
      keep(key, entry);
      entry.answer.then(
        (answer) => date(entry, answer),
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

type Entry<T> = {
  readonly answer: Promise<T>;
  /** When it is good no more. */
  until: number;
  /** From when on it is asked for anew. */
  askedAgainAt: number;
};

/** A question that is on its way: good until it is answered, and then for its time. */
function undated<T>(answer: Promise<T>): Entry<T> {
  return { answer, until: Number.POSITIVE_INFINITY, askedAgainAt: Number.POSITIVE_INFINITY };
}
