/** Anything that JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object: values of charts, Kubernetes objects, configuration. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a JSON value is an object (neither an array nor null). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
