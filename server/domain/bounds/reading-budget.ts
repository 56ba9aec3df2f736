import { isJsonObject, type JsonValue } from '../json/json.ts';

/** Letters that count as one value. */
const LETTERS = 64;

/** How much may still be read of documents that others point into, as often as they like. */
export interface ReadingBudget {
  /** Whether a value may be read; it counts with its size then. Once something was too large, nothing may be read. */
  allows(value: JsonValue | undefined): boolean;
}

/** A budget of `most` values. */
export function createReadingBudget(max: number): ReadingBudget {
  let left = max;

  function count(value: JsonValue | undefined): void {
    left -= typeof value === 'string' ? 1 + value.length / LETTERS : 1;
    if (left < 0) {
      return;
    }
    if (Array.isArray(value)) {
      value.every((entry) => (count(entry), left >= 0));
    } else if (isJsonObject(value)) {
      Object.entries(value).every(([key, entry]) => {
        left -= key.length / LETTERS;
        count(entry);
        return left >= 0;
      });
    }
  }

  return {
    allows(value) {
      if (left >= 0) {
        count(value);
      }
      return left >= 0;
    },
  };
}
