import type { JsonObject, JsonValue } from './json.ts';
import { setKey } from './set-key.ts';

/**
 * The object with each of its values changed; the same object if no value changed, so that large, mostly unchanged
 * values are not copied repeatedly.
 */
export function changeValues(object: JsonObject, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  let changed: JsonObject | null = null;
  for (const key of Object.keys(object)) {
    const before = object[key] as JsonValue;
    const after = change(before, key);
    if (after === before) continue;
    changed ??= { ...object };
    setKey(changed, key, after);
  }
  return changed ?? object;
}

/** Like `changeValues`, for the entries of an array. */
export function changeItems(items: JsonValue[], change: (item: JsonValue, index: number) => JsonValue): JsonValue[] {
  const changed = items.map(change);
  return changed.every((item, i) => item === items[i]) ? items : changed;
}
