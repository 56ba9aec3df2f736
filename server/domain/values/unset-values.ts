import type { JsonObject } from '../json/json.ts';
import type { ValuePath } from './value-path.ts';
import { createValueEditor } from './value-editor.ts';

/** The values without anything at the paths, as `ValueEditor.unset` removes it. */
export function unsetValues(values: JsonObject, paths: readonly ValuePath[]): JsonObject {
  const editor = createValueEditor(values);
  paths.forEach((path) => editor.unset(path));
  return editor.values();
}

/** The values without anything at the path; null if there is nothing. */
export function unsetValue(values: JsonObject, path: ValuePath): JsonObject | null {
  const editor = createValueEditor(values);
  return editor.unset(path) ? editor.values() : null;
}
