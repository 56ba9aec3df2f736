import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';

/** `object` with the defaults for its missing fields; null counts as missing, as in Kubernetes. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([key]) => (object[key] ?? null) === null);
  return { ...object, ...Object.fromEntries(missing) };
}

/** `object` without the named fields. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key)));
}

/** The object with field `name` rewritten, if it is an object. */
export function mapField(object: JsonObject, name: string, change: (value: JsonObject) => JsonObject): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? { ...object, [name]: change(value) } : object;
}

/** The object with every object in the list `name` rewritten, if it is a list. */
export function mapList(object: JsonObject, name: string, change: (value: JsonObject) => JsonValue): JsonObject {
  const value = object[name];
  return Array.isArray(value)
    ? { ...object, [name]: value.map((entry) => (isJsonObject(entry) ? change(entry) : entry)) }
    : object;
}
