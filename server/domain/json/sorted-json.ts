import { isJsonObject, type JsonValue } from './json.ts';

/** JSON text with sorted keys: the same value always gives the same text. */
export function sortedJson(value: JsonValue): string {
  if (Array.isArray(value)) {
    return `[${value.map(sortedJson).join(',')}]`;
  }
  if (isJsonObject(value)) {
    const entries = Object.keys(value)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${sortedJson(value[key] as JsonValue)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Whether two values are equal except for the order of keys; identical objects are not compared in depth. */
export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) {
    return true;
  }
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((entry, i) => isSameJson(entry, other[i]));
  }
  if (!isJsonObject(one) || !isJsonObject(other)) {
    return false;
  }
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
}
