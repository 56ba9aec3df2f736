import type { JsonObject, JsonValue } from '../json/json.ts';
import type { ValuePath } from './value-path.ts';
import { createValueEditor } from './value-editor.ts';

/** The values with `value` at the path, set as by `ValueEditor.write`. For several writes use one editor. */
export function writeValuePath(
  values: JsonObject,
  path: ValuePath,
  value: JsonValue,
  defaults: JsonObject,
): JsonObject {
  const editor = createValueEditor(values);
  editor.write(path, value, defaults);
  return editor.values();
}
