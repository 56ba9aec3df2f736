import { isJsonObject, type JsonValue } from '../json/json.ts';
import { MAX_LEVELS } from './levels.ts';
import { PatchFailed } from './patch-failed.ts';

/**
 * Values that the patches of a release may copy, move or compare: an object that copies itself doubles with each
 * operation.
 */
const MAX_WORK = 50_000;
/** Characters that count as one value: long strings are copied, too, when they are serialised. */
const LETTERS = 64;

/** What a patch may still do. All methods @throws PatchFailed when the budget is used up. */
export interface PatchWork {
  spend(amount: number): void;
  /** Spends as much as the value is large. */
  measure(value: JsonValue): void;
  /** Whether two values are equal, ignoring the order of keys. */
  isEqual(a: JsonValue, b: JsonValue): boolean;
}

/** A budget for patches. */
export function createPatchWork(max = MAX_WORK): PatchWork {
  let left = max;

  function spend(amount: number): void {
    left -= amount;
    if (left < 0) {
      throw new PatchFailed(`the patch takes too much work: it may copy, move and compare ${max} values`);
    }
  }

  /** Moves can nest values that are already nested. */
  function enter(level: number): void {
    if (level > 2 * MAX_LEVELS) {
      throw new PatchFailed(`what it copies or compares is nested deeper than ${2 * MAX_LEVELS} levels`);
    }
    spend(1);
  }

  function measure(value: JsonValue, level = 0): void {
    enter(level);
    if (typeof value === 'string') {
      spend(value.length / LETTERS);
    } else if (Array.isArray(value)) {
      value.forEach((entry) => measure(entry, level + 1));
    } else if (isJsonObject(value)) {
      for (const [key, entry] of Object.entries(value)) {
        spend(key.length / LETTERS);
        measure(entry, level + 1);
      }
    }
  }

  function isEqual(a: JsonValue, b: JsonValue, level = 0): boolean {
    enter(level);
    if (Array.isArray(a) && Array.isArray(b)) {
      return a.length === b.length && a.every((entry, i) => isEqual(entry, b[i] ?? null, level + 1));
    }
    if (isJsonObject(a) && isJsonObject(b)) {
      const keys = Object.keys(a);
      spend(keys.length);
      return (
        keys.length === Object.keys(b).length &&
        keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key] ?? null, b[key] ?? null, level + 1))
      );
    }
    return a === b;
  }

  return { spend, measure: (value) => measure(value), isEqual: (a, b) => isEqual(a, b) };
}
