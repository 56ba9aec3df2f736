import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { ownValue } from '../json/json-reading.ts';
import type { ValuePath } from './value-path.ts';
import { setKey } from '../json/set-key.ts';

/**
 * Several changes of one values document. The given document is never changed: an object or array is copied when
 * something in it first changes, so that a thousand changes of a large object copy it once.
 */
export interface ValueEditor {
  /**
   * Sets `value` at the path; missing parent objects are created. An object is merged into the present one. An array
   * that the values do not contain yet is copied from `defaults` as a whole, because Helm replaces arrays as a whole.
   * Nothing is written at the empty path.
   */
  write(path: ValuePath, value: JsonValue, defaults: JsonObject): void;
  /**
   * Removes the value at a path of keys, and objects that become empty. Returns whether there was a value. Entries of
   * arrays cannot be removed.
   */
  unset(path: ValuePath): boolean;
  /** The present values; do not use them after a further change. */
  values(): JsonObject;
}

type Holder = JsonObject | JsonValue[];

/** An editor of `given`. */
export function createValueEditor(given: JsonObject): ValueEditor {
  /** Copies that nothing else refers to, with the number of keys of each object. */
  const own = new Map<Holder, number>();
  let root = given;

  function ownObject(object: JsonObject): JsonObject {
    if (own.has(object)) {
      return object;
    }
    const copy = { ...object };
    own.set(copy, Object.keys(copy).length);
    return copy;
  }

  function ownArray(array: readonly JsonValue[]): JsonValue[] {
    if (own.has(array as JsonValue[])) {
      return array as JsonValue[];
    }
    const copy = [...array];
    own.set(copy, copy.length);
    return copy;
  }

  function put(holder: JsonObject, key: string, value: JsonValue): void {
    if (!Object.hasOwn(holder, key)) {
      own.set(holder, (own.get(holder) ?? 0) + 1);
    }
    setKey(holder, key, value);
  }

  function merge(before: JsonObject, over: JsonObject): JsonObject {
    const merged = ownObject(before);
    for (const [key, value] of Object.entries(over)) {
      const there = ownValue(merged, key);
      put(merged, key, isJsonObject(there) && isJsonObject(value) ? merge(there, value) : value);
    }
    return merged;
  }

  /** The new value of `path[at - 1]` once `value` is written below it. */
  function written(
    before: JsonValue | undefined,
    path: ValuePath,
    at: number,
    value: JsonValue,
    defaults: JsonValue | undefined,
  ): JsonValue {
    const key = path[at];
    if (key === undefined) {
      return isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value;
    }
    const array = Array.isArray(before)
      ? before
      : before === undefined && Array.isArray(defaults)
        ? defaults
        : undefined;
    if (array !== undefined && /^\d+$/.test(key) && Number(key) <= array.length) {
      const index = Number(key);
      const copy = ownArray(array);
      copy[index] = written(copy[index], path, at + 1, value, Array.isArray(defaults) ? defaults[index] : undefined);
      return copy;
    }
    const holder = ownObject(isJsonObject(before) ? before : {});
    const fallback = isJsonObject(defaults) ? ownValue(defaults, key) : undefined;
    put(holder, key, written(ownValue(holder, key), path, at + 1, value, fallback));
    return holder;
  }

  /** The objects from the root to the one that contains the last key, as far as they exist. */
  function holdersOf(path: ValuePath): JsonObject[] | null {
    const holders: JsonObject[] = [];
    let at: JsonValue | undefined = root;
    for (const key of path) {
      if (!isJsonObject(at) || !Object.hasOwn(at, key)) {
        return null;
      }
      holders.push(at);
      at = at[key];
    }
    return holders;
  }

  return {
    write(path, value, defaults) {
      if (path.length > 0) {
        root = written(root, path, 0, value, defaults) as JsonObject;
      }
    },
    unset(path) {
      const holders = path.length === 0 ? null : holdersOf(path);
      if (holders === null) {
        return false;
      }
      let below: JsonObject | undefined;
      for (let at = path.length - 1; at >= 0; at -= 1) {
        const holder = ownObject(holders[at] ?? {});
        const key = path[at] ?? '';
        if (below !== undefined && own.get(below) !== 0) {
          setKey(holder, key, below);
        } else {
          delete holder[key];
          own.set(holder, (own.get(holder) ?? 1) - 1);
        }
        below = holder;
      }
      root = below ?? root;
      return true;
    },
    values: () => root,
  };
}
