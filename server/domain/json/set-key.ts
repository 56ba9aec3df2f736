import type { JsonObject, JsonValue } from './json.ts';

/**
 * Sets an entry. Assigning to `__proto__` would set the prototype instead of a key, and defining a property takes ten
 * times as long.
 */
export function setKey(object: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}
