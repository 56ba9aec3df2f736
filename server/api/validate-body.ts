import type { Static, TSchema } from 'typebox';
import type { Warning } from '../../contract/warning.ts';
import type { Fault } from '../domain/fault.ts';
import { matchFields } from '../domain/match-fields.ts';
import { problem } from '../domain/problem-error.ts';
import { MOST_FAULTS, schemaFaults } from '../domain/schema-faults.ts';
import { parseJsonText, type JsonTextOptions } from './json-text.ts';

/**
 * Reads a JSON text as the body that `schema` describes.
 * @throws ProblemError BODY_MALFORMED where the text is not JSON, REQUEST_INVALID with every place that does not fit
 */
export function readBody<S extends TSchema>(
  schema: S,
  text: string,
  options: JsonTextOptions,
): { body: Static<S>; warnings: Warning[] } {
  const document = parseJsonText(text, options);
  const notes = { warnings: [], faults: [...document.faults] };
  const value = matchFields(schema, document.value, notes);
  const faults = [...notes.faults, ...schemaFaults(schema, value)];
  if (faults.length > 0) {
    throw invalid(faults);
  }
  // The validator of this very schema has accepted the value.
  return { body: value as Static<S>, warnings: notes.warnings };
}

/** REQUEST_INVALID with all of `faults` in message and details. */
export function invalid(faults: readonly Fault[]) {
  const shown = faults.slice(0, MOST_FAULTS);
  const list = shown.slice(0, 5).map(({ pointer, message }) => `${pointer || 'the body'} ${message}`);
  const more = faults.length > list.length ? `; and ${faults.length - list.length} more` : '';
  return problem('REQUEST_INVALID', `${list.join('; ')}${more}`, { errors: shown });
}
