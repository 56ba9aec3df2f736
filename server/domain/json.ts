import type { JsonObject, JsonValue } from '../../contract/json.ts';

export type { JsonObject, JsonValue };

/** Whether a JSON value is an object (neither an array nor null). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is an object, otherwise an empty one: for reading optional parts of foreign data. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value when it is an array, otherwise an empty one. */
export function asArray(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a text, otherwise the empty text. */
export function asString(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
