/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Merges objects as helm does: later values win, objects are merged, lists are replaced. */
export function mergeObjects(below: JsonObject, above: JsonObject): JsonObject {
  const merged: JsonObject = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const there = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const next = isRecord(there) && isRecord(value) ? mergeObjects(there, value) : value;
    Object.defineProperty(merged, key, { value: next, writable: true, enumerable: true, configurable: true });
  }
  return merged;
}
