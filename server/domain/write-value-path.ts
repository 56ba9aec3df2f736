import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { mergeValues } from './merge-values.ts';
import type { ValuePath } from './value-path.ts';

/**
 * The values with `value` at the path; missing objects on the way are made. Objects are merged into what is there.
 * An array that the values do not have yet is taken over from the chart's `defaults` as a whole, because Helm replaces
 * arrays as a whole. Nothing is written at the empty path.
 */
export function writeValuePath(
  values: JsonObject,
  path: ValuePath,
  value: JsonValue,
  defaults: JsonObject,
): JsonObject {
  const [key, ...rest] = path;
  return key === undefined ? values : writeKey(values, key, rest, value, defaults);
}

function writeKey(
  object: JsonObject,
  key: string,
  rest: ValuePath,
  value: JsonValue,
  defaults: JsonValue | undefined,
): JsonObject {
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  const fallback = isJsonObject(defaults) && Object.hasOwn(defaults, key) ? defaults[key] : undefined;
  return { ...object, [key]: write(before, rest, value, fallback) };
}

function write(
  before: JsonValue | undefined,
  [key, ...rest]: ValuePath,
  value: JsonValue,
  defaults: JsonValue | undefined,
): JsonValue {
  if (key === undefined) {
    return isJsonObject(before) && isJsonObject(value) ? mergeValues(before, value) : value;
  }
  const array = Array.isArray(before) ? before : before === undefined && Array.isArray(defaults) ? defaults : undefined;
  if (array !== undefined && /^\d+$/.test(key) && Number(key) <= array.length) {
    const index = Number(key);
    const inDefaults = Array.isArray(defaults) ? defaults[index] : undefined;
    return array.toSpliced(index, 1, write(array[index], rest, value, inDefaults));
  }
  return writeKey(isJsonObject(before) ? before : {}, key, rest, value, defaults);
}
