import type { JsonObject } from '../json/json.ts';
import type { ValuePath } from './value-path.ts';
import { createValueEditor } from './value-editor.ts';

/** The values without what lies at any of the paths, as `ValueEditor.unset` takes it out; the rest has no effect. */
export function unsetValues(values: JsonObject, paths: readonly ValuePath[]): JsonObject {
  const editor = createValueEditor(values);
  paths.forEach((path) => editor.unset(path));
  return editor.values();
}

/** The values without what lies at the path; null when nothing lies there. */
export function unsetValue(values: JsonObject, path: ValuePath): JsonObject | null {
  const editor = createValueEditor(values);
  return editor.unset(path) ? editor.values() : null;
}
