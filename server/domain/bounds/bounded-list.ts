/** Faults of one document that are listed one by one; further ones are only counted. */
export const MAX_NOTES = 100;

/**
 * A list of remarks on a document that keeps the first ones and counts the rest, so that further remarks cost nothing.
 */
export interface BoundedList<T> {
  readonly items: readonly T[];
  /** Number of remarks beyond `items`. */
  readonly more: number;
  /** `make` is called only for remarks that are kept. */
  add(make: () => T): void;
}

/** An empty list that keeps `max` entries. */
export function createBoundedList<T>(max = MAX_NOTES): BoundedList<T> {
  const items: T[] = [];
  let more = 0;
  return {
    items,
    get more() {
      return more;
    },
    add(make) {
      if (items.length < max) {
        items.push(make());
      } else {
        more += 1;
      }
    },
  };
}
