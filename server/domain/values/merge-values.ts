import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { setKey } from '../json/set-key.ts';

/**
 * Merges `over` into `base`: objects are merged key by key at every depth, anything else (including arrays and null)
 * replaces the former value. A null is kept, because for Helm it removes the chart's default (decision 17: null).
 */
export function mergeValues(base: JsonObject, over: JsonObject): JsonObject {
  if (Object.keys(base).length === 0 || Object.keys(over).length === 0) {
    return Object.keys(over).length === 0 ? base : over;
  }
  const merged = { ...base };
  for (const key of Object.keys(over)) {
    const value = over[key] as JsonValue;
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    setKey(merged, key, isJsonObject(before) && isJsonObject(value) ? mergeValues(before, value) : value);
  }
  return merged;
}

/** All layers of values merged, later ones over earlier ones. */
export function layerValues(...layers: readonly JsonObject[]): JsonObject {
  return layers.reduce(mergeValues, {});
}
