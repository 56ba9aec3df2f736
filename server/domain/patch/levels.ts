import { isJsonObject, type JsonValue } from '../json/json.ts';
import { PatchFailed } from './patch-failed.ts';

/** Maximum nesting of a patch and its result. */
export const MAX_LEVELS = 64;

/**
 * Call before any recursive function visits a value.
 * @throws PatchFailed for a value that is nested too deeply
 */
export function checkLevels(value: JsonValue): void {
  const open = [{ value, level: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: at, level } = next;
    if (level > MAX_LEVELS) {
      throw new PatchFailed(`it is nested deeper than ${MAX_LEVELS} levels`);
    }
    if (Array.isArray(at) || isJsonObject(at)) {
      for (const child of Object.values(at)) {
        open.push({ value: child, level: level + 1 });
      }
    }
  }
}
