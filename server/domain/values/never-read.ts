import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { ValuePath } from './value-path.ts';

/** What is known about how a chart reads its values. */
export type ChartReads = {
  /** The chart's `values.yaml`. */
  values: JsonObject;
  /** Every word with which its templates could read a value; null: unknown. */
  readWords: ReadonlySet<string> | null;
};

/**
 * Returns whether a chart certainly never reads the value at a path: its values contain a parent of the path, but not
 * the path, no template mentions the missing name, and siblings are read by their names, not as a whole.
 */
export function createNeverRead({ values, readWords }: ChartReads): (path: ValuePath) => boolean {
  if (readWords === null) {
    return () => false;
  }
  // Many paths may end in one large object.
  const known = new Map<JsonObject, boolean>();
  const isReadByNames = (object: JsonObject): boolean => {
    const names = Object.keys(object);
    return names.length > 0 && names.every((name) => readWords.has(name));
  };
  return (path) => {
    let at: JsonValue | undefined = values;
    for (const [depth, key] of path.entries()) {
      if (!isJsonObject(at)) {
        return false;
      }
      if (!Object.hasOwn(at, key)) {
        const isByNames = depth === 0 || (known.get(at) ?? isReadByNames(at));
        if (depth > 0) {
          known.set(at, isByNames);
        }
        return isByNames && !readWords.has(key);
      }
      at = at[key];
    }
    return false;
  };
}
