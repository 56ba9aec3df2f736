import type { Warning } from '../../../contract/schemas/warning.ts';
import type { Fault } from '../fields/fault.ts';
import { createBoundedList } from '../bounds/bounded-list.ts';
import { boundWarnings } from '../bounds/bound-warnings.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { matchFields } from '../fields/match-fields.ts';
import { schemaFaults } from '../fields/schema-faults.ts';
import type { Plugin } from './plugin.ts';

/** Validated arguments of a plugin; `isEmpty`: none were given. */
export type PluginArgs = { args: JsonObject; isEmpty: boolean; faults: Fault[]; warnings: Warning[] };

/**
 * Parses the arguments of a plugin from their JSON text: fields match case-insensitively, unknown ones are removed with
 * a warning, and what does not match the schema is reported by a pointer below `pointer`.
 */
export function readPluginArgs(plugin: Plugin, text: string, pointer: string): PluginArgs {
  const value = parse(text);
  if (value === null || (isJsonObject(value) && Object.keys(value).length === 0)) {
    return { args: {}, isEmpty: true, faults: [], warnings: [] };
  }
  if (!isJsonObject(value)) {
    return { args: {}, isEmpty: false, faults: [{ pointer, message: 'must be an object' }], warnings: [] };
  }
  const notes = { warnings: createBoundedList<Warning>(), faults: createBoundedList<Fault>() };
  const matched = matchFields(plugin.args, value, notes, pointer);
  const misfits = schemaFaults(plugin.args, matched).map((fault) => ({
    ...fault,
    pointer: `${pointer}${fault.pointer}`,
  }));
  return {
    args: isJsonObject(matched) ? matched : {},
    isEmpty: false,
    faults: [...notes.faults.items, ...misfits],
    warnings: boundWarnings(notes.warnings.items, notes.warnings.more),
  };
}

/** Texts that are not JSON are refused when the request is merged; here they count as empty. */
function parse(text: string): JsonValue {
  try {
    return text.trim() === '' ? null : (JSON.parse(text) as JsonValue);
  } catch {
    return null;
  }
}
