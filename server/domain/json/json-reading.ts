import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** The value as an object; an empty one if it is anything else. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value as an array; an empty one if it is anything else. */
export function asArray(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The objects among the entries of an array; none if the value is anything else. */
export function asObjects(value: JsonValue | undefined): JsonObject[] {
  return asArray(value).filter(isJsonObject);
}

/** The value as a string; `""` if it is anything else. */
export function asString(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A string, or a number as string (Kubernetes' int-or-string); `""` if it is anything else. */
export function asText(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The value as a number; the fallback if it is anything else. */
export function asNumber(value: JsonValue | undefined, fallback = 0): number {
  return typeof value === 'number' ? value : fallback;
}

/**
 * The entries of an object that are strings; numbers and booleans are converted. Returns the same object if all are
 * strings, because large ConfigMaps are shown repeatedly.
 */
export function asTextMap(value: JsonValue | undefined): Readonly<Record<string, string>> {
  const object = asObject(value);
  return isTextMap(object) ? object : textEntries(object);
}

function isTextMap(object: JsonObject): object is Record<string, string> {
  return Object.values(object).every((entry) => typeof entry === 'string');
}

function textEntries(object: JsonObject): Record<string, string> {
  const entries = Object.entries(object).flatMap(([key, entry]): [string, string][] =>
    entry === null || typeof entry === 'object' ? [] : [[key, String(entry)]],
  );
  return Object.fromEntries(entries);
}

/** The value of an object's own key; a missing one is not found in the prototype. */
export function ownValue(object: JsonObject | undefined, key: string): JsonValue | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value at a path of keys and indexes; `undefined` if the path ends early. */
export function valueAt(value: JsonValue | undefined, ...path: (string | number)[]): JsonValue | undefined {
  let at = value;
  for (const step of path) {
    if (Array.isArray(at)) {
      at = at[Number(step)];
    } else if (isJsonObject(at) && Object.hasOwn(at, step)) {
      at = at[step];
    } else {
      return undefined;
    }
  }
  return at;
}

/** The items; null if there are none, as answers show it. */
export function orNull<T>(items: T[]): T[] | null {
  return items.length === 0 ? null : items;
}
