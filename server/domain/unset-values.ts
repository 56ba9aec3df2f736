import { isJsonObject, type JsonObject } from './json.ts';
import type { ValuePath } from './value-path.ts';

/**
 * The values without what lies at a path of keys; objects that become empty by that go, too, so that nothing is left
 * of an override. Null when nothing lies there. Entries of arrays cannot be taken out: arrays are replaced as a whole.
 */
export function unsetValue(values: JsonObject, [key, ...rest]: ValuePath): JsonObject | null {
  if (key === undefined || !Object.hasOwn(values, key)) {
    return null;
  }
  const { [key]: before, ...others } = values;
  if (rest.length === 0) {
    return others;
  }
  const inner = isJsonObject(before) ? unsetValue(before, rest) : null;
  if (inner === null) {
    return null;
  }
  return Object.keys(inner).length === 0 ? others : { ...values, [key]: inner };
}
