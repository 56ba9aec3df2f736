import { isJsonObject, type JsonValue } from '../json/json.ts';

/** Characters that count as one value. */
const LETTERS = 64;

/** Limits how much is read of documents that others may reference any number of times. */
export interface ReadingBudget {
  /** Whether a value may be read; its size then counts. Once something was too large, nothing more may be read. */
  allows(value: JsonValue | undefined): boolean;
}

/** A budget of `max` values. */
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
