import type { Clock } from '../../ports/runtime/clock.ts';

export type ShortMemoryDeps<T> = {
  clock: Pick<Clock, 'now'>;
  /** Maximum remembered answers; the oldest are dropped first. */
  max: number;
  /** How long an answer stays valid, in milliseconds. */
  lifeMs: (answer: T) => number;
};

/**
 * A cache of answers with a short lifetime; concurrent callers share one question. A frequent caller never waits: in
 * the second half of its lifetime an answer is refreshed in the background while it is still returned.
 */
export interface ShortMemory<T> {
  /** With `anew`, asks even if an answer is cached, and caches the new answer. Failures are not cached. */
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
        // Every later question has a newer answer.
        if (known.get(key) === old) keep(key, entry);
      },
      // The old answer is valid until it expires; the next caller after that asks and gets the error.
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
  /** When the answer expires. */
  until: number;
  /** When the answer is refreshed in the background. */
  askedAgainAt: number;
};

/** A question in flight: valid until it is answered, and then for its lifetime. */
function undated<T>(answer: Promise<T>): Entry<T> {
  return { answer, until: Number.POSITIVE_INFINITY, askedAgainAt: Number.POSITIVE_INFINITY };
}
