import { escapePointer } from '../../../contract/json-pointer.ts';
import type { TSchema } from 'typebox';
import type { JsonObject, JsonValue } from '../../../contract/schemas/json.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { BoundedList } from '../bounds/bounded-list.ts';
import { cutName } from '../bounds/cut-name.ts';
import type { Fault } from './fault.ts';
import { isJsonObject } from '../json/json.ts';
import { nearestName } from './nearest-name.ts';

/** Findings of matching a document with its schema. */
export interface FieldNotes {
  readonly warnings: BoundedList<Warning>;
  readonly faults: BoundedList<Fault>;
}

/**
 * Renames the fields of a document to the spelling of its schema, like the original's decoder (decision 13: unknown
 * fields are warnings): names of fixed fields match case-insensitively, null counts as absent, unknown fields are
 * removed with a warning. Free-form objects (values, labels) are unchanged.
 */
export function matchFields(schema: TSchema, value: JsonValue, notes: FieldNotes, pointer = ''): JsonValue {
  const { properties, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  if (isJsonObject(value) && properties !== undefined) {
    return matchObject(properties, value, notes, pointer);
  }
  if (Array.isArray(value) && items !== undefined) {
    return value.map((item, index) => matchFields(items, item, notes, `${pointer}/${index}`));
  }
  return value;
}

function matchObject(
  properties: Record<string, TSchema>,
  value: JsonObject,
  notes: FieldNotes,
  pointer: string,
): JsonObject {
  const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  const matched: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    const name = Object.hasOwn(properties, key) ? key : names.get(key.toLowerCase());
    const schema = name === undefined ? undefined : properties[name];
    const here = () => cutName(`${pointer}/${escapePointer(cutName(key))}`);
    if (name === undefined || schema === undefined) {
      notes.warnings.add(() => {
        const suggestion = nearestName(key, Object.keys(properties));
        const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
        return { code: 'FIELD_UNKNOWN', message: `unknown field ${here()} is ignored${hint}`, path: here() };
      });
    } else if (Object.hasOwn(matched, name)) {
      notes.faults.add(() => ({ pointer: here(), message: `says ${name} a second time, in another spelling` }));
    } else if (field !== null) {
      matched[name] = matchFields(schema, field, notes, `${pointer}/${name}`);
    }
  }
  return matched;
}
