import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';

/** Applies a JSON merge patch (RFC 7386): objects are merged, null removes, everything else is replaced. */
export function applyMergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) {
    return patch;
  }
  const base: JsonObject = isJsonObject(target) ? target : {};
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(key);
    } else {
      merged.set(key, applyMergePatch(merged.get(key), value));
    }
  }
  return Object.fromEntries(merged);
}
