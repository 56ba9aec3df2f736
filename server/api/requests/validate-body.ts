import type { Static, TSchema } from 'typebox';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { createBoundedList, MAX_NOTES } from '../../domain/bounds/bounded-list.ts';
import { boundWarnings } from '../../domain/bounds/bound-warnings.ts';
import type { Fault } from '../../domain/fields/fault.ts';
import { matchFields } from '../../domain/fields/match-fields.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { schemaFaults } from '../../domain/fields/schema-faults.ts';
import { parseJsonText, type JsonTextOptions } from './json-text.ts';

/**
 * Parses a JSON text as the body that `schema` describes.
 * @throws ProblemError BODY_MALFORMED if the text is not JSON, REQUEST_INVALID with every invalid field
 */
export function readBody<S extends TSchema>(
  schema: S,
  text: string,
  options: JsonTextOptions,
): { body: Static<S>; warnings: Warning[] } {
  const document = parseJsonText(text, options);
  const notes = { warnings: createBoundedList<Warning>(), faults: createBoundedList<Fault>() };
  const value = matchFields(schema, document.value, notes);
  const faults = [...document.faults, ...notes.faults.items, ...schemaFaults(schema, value)];
  if (faults.length > 0) {
    throw invalid(faults, document.moreFaults + notes.faults.more);
  }
  // The validator of this very schema has accepted the value.
  return { body: value as Static<S>, warnings: boundWarnings(notes.warnings.items, notes.warnings.more) };
}

/** REQUEST_INVALID with the first of `faults` in message and details; `uncollected` is the number of further ones. */
export function invalid(faults: readonly Fault[], uncollected = 0) {
  const shown = faults.slice(0, MAX_NOTES);
  const list = shown.slice(0, 5).map(({ pointer, message }) => `${pointer || 'the body'} ${message}`);
  const rest = faults.length - list.length + uncollected;
  const more = rest > 0 ? `; and ${rest} more` : '';
  return problem('REQUEST_INVALID', `${list.join('; ')}${more}`, { errors: shown });
}
