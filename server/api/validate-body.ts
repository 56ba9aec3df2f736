import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Settings } from 'typebox/system';
import type { JsonValue } from '../../contract/json.ts';
import type { Warning } from '../../contract/warning.ts';
import { problem } from '../domain/problem-error.ts';
import { parseJsonText, type Fault, type JsonTextOptions } from './json-text.ts';
import { matchFields } from './match-fields.ts';

/** Errors named in one answer; a document with more is cut off there. */
const mostErrors = 100;
Settings.Set({ maxErrors: mostErrors });

const validators = new WeakMap<TSchema, Validator>();

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
  const shown = faults.slice(0, mostErrors);
  const list = shown.slice(0, 5).map(({ pointer, message }) => `${pointer || 'the body'} ${message}`);
  const more = faults.length > list.length ? `; and ${faults.length - list.length} more` : '';
  return problem('REQUEST_INVALID', `${list.join('; ')}${more}`, { errors: shown });
}

function schemaFaults(schema: TSchema, value: JsonValue): Fault[] {
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = Compile(schema);
    validators.set(schema, validator);
  }
  if (validator.Check(value)) {
    return [];
  }
  const errors = validator.Errors(value);
  const choices = errors.filter((error) => error.keyword === 'anyOf').map((error) => `${error.schemaPath}/anyOf/`);
  return errors.flatMap((error): Fault[] => {
    // The first are named with their alternatives, the second property by property.
    if (choices.some((choice) => error.schemaPath.startsWith(choice)) || error.keyword === 'additionalProperties') {
      return [];
    }
    if (error.keyword === 'required') {
      return error.params.requiredProperties.map((name) => ({
        pointer: `${error.instancePath}/${name}`,
        message: 'is required',
      }));
    }
    const alternatives = errors.filter((inner) => inner.schemaPath.startsWith(`${error.schemaPath}/anyOf/`));
    const message = error.keyword === 'anyOf' ? alternatives.map((inner) => inner.message).join(' or ') : error.message;
    return [{ pointer: error.instancePath, message: `${message}${found(value, error)}` }];
  });
}

/** `, not a number` behind a message about a wrong type. */
function found(document: JsonValue, error: { keyword: string; instancePath: string }): string {
  if (error.keyword !== 'type') {
    return '';
  }
  let value: unknown = document;
  for (const part of error.instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return `, not ${kind}`;
}
