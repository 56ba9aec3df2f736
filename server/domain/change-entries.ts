import type { JsonObject, JsonValue } from './json.ts';

/**
 * The object with each of its values changed; the same object where none is another one, so that what is large and mostly
 * stays as it is is not copied again and again.
 */
export function changeValues(object: JsonObject, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  const keys = Object.keys(object);
  const values = keys.map((key) => change(object[key] as JsonValue, key));
  const isSame = keys.every((key, i) => object[key] === values[i]);
  return isSame ? object : Object.fromEntries(keys.map((key, i) => [key, values[i] as JsonValue]));
}

/** The same of the entries of an array. */
export function changeItems(items: JsonValue[], change: (item: JsonValue, index: number) => JsonValue): JsonValue[] {
  const changed = items.map(change);
  return changed.every((item, i) => item === items[i]) ? items : changed;
}
