/** Places of one document that are told one by one; the rest is counted. */
export const MAX_NOTES = 100;

/** Remarks on a document: the first ones whole, the others as a number, so that a remark costs nothing after that. */
export interface BoundedList<T> {
  readonly items: readonly T[];
  /** How many there were beyond `items`. */
  readonly more: number;
  /** `make` is called only for what is kept. */
  add(make: () => T): void;
}

/** An empty list that keeps `most` entries. */
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
