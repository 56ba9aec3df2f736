import type { JsonObject, JsonValue } from './json.ts';

/**
 * The object with each of its values changed; the same object where none is another one, so that what is large and mostly
 * stays as it is is not copied again and again.
 */
export function changeValues(object: JsonObject, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  let isSame = true;
  const entries = Object.keys(object).map((key): [string, JsonValue] => {
    const before = object[key] as JsonValue;
    const after = change(before, key);
    isSame &&= after === before;
    return [key, after];
  });
  return isSame ? object : Object.fromEntries(entries);
}

/** The same of the entries of an array. */
export function changeItems(items: JsonValue[], change: (item: JsonValue, index: number) => JsonValue): JsonValue[] {
  const changed = items.map(change);
  return changed.every((item, i) => item === items[i]) ? items : changed;
}
