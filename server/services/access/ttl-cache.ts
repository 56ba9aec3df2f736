import type { Clock } from '../../ports/runtime/clock.ts';

export type TtlCacheDeps<T> = {
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
export interface TtlCache<T> {
  /** With `fresh`, asks even if an answer is cached, and caches the new answer. Failures are not cached. */
  get(key: string, ask: () => Promise<T>, fresh?: boolean): Promise<T>;
}

export function createTtlCache<T>({ clock, max, lifeMs }: TtlCacheDeps<T>): TtlCache<T> {
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
    entry.refreshAt = now + life / 2;
  }

  function refresh(key: string, old: Entry<T>, ask: () => Promise<T>): void {
    old.refreshAt = Number.POSITIVE_INFINITY;
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
    get(key, ask, fresh = false) {
      const found = known.get(key);
      if (!fresh && found !== undefined && clock.now() < found.until) {
        if (clock.now() >= found.refreshAt) refresh(key, found, ask);
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
  refreshAt: number;
};

/** A question in flight: valid until it is answered, and then for its lifetime. */
function undated<T>(answer: Promise<T>): Entry<T> {
  return { answer, until: Number.POSITIVE_INFINITY, refreshAt: Number.POSITIVE_INFINITY };
}
