import type { JsonObject } from '../json/json.ts';

/** Whether values of a storage have a single `accessMode`, as in charts for the original Walm, and no `accessModes`. */
export function readsOneMode(storage: JsonObject): boolean {
  return typeof storage['accessMode'] === 'string' && storage['accessModes'] === undefined;
}
