import { isJsonObject, type JsonValue } from '../json/json.ts';

/** Keys and indexes from the root of a values document. */
export type ValuePath = readonly string[];

/**
 * Parses a metainfo `mapKey`: keys separated by dots, `\.` for a dot within a key, numbers for array indexes
 * (`advanceConfig.zookeeper.zookeeper\.client\.port`). An empty text is the empty path.
 */
export function parseValuePath(mapKey: string): ValuePath {
  if (mapKey === '') {
    return [];
  }
  const keys = [''];
  for (let at = 0; at < mapKey.length; at += 1) {
    const letter = mapKey.charAt(at);
    if (letter === '.') {
      keys.push('');
    } else {
      at += letter === '\\' ? 1 : 0;
      keys.push((keys.pop() ?? '') + mapKey.charAt(at));
    }
  }
  return keys;
}

/** The value at the path; undefined if the path ends early, and for the empty path. */
export function readValuePath(values: JsonValue, path: ValuePath): JsonValue | undefined {
  let at: JsonValue | undefined = path.length === 0 ? undefined : values;
  for (const key of path) {
    if (Array.isArray(at)) {
      at = /^\d+$/.test(key) ? at[Number(key)] : undefined;
    } else if (isJsonObject(at) && Object.hasOwn(at, key)) {
      at = at[key];
    } else {
      return undefined;
    }
  }
  return at;
}
