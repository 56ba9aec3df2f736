import type { JsonObject } from '../json/json.ts';

/** Whether values of a storage name one `accessMode`, as charts of the original do, and no `accessModes`. */
export function readsOneMode(storage: JsonObject): boolean {
  return typeof storage['accessMode'] === 'string' && storage['accessModes'] === undefined;
}
