import { fromPointer } from '../../../contract/json-pointer.ts';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Compile, type Validator } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { MAX_NOTES } from '../bounds/bounded-list.ts';
import { cutName } from '../bounds/cut-name.ts';
import type { Fault } from './fault.ts';
import type { JsonValue } from '../json/json.ts';

// Further faults are not collected: the cost of all of them would grow with the size of the document.
Settings.Set({ maxErrors: MAX_NOTES });

const validators = new WeakMap<TSchema, Validator>();

/** Every field of a document that does not match its schema, in words; empty if it matches. */
export function schemaFaults(schema: TSchema, value: JsonValue): Fault[] {
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
    // The first are reported with their alternatives, the second property by property.
    if (choices.some((choice) => error.schemaPath.startsWith(choice)) || error.keyword === 'additionalProperties') {
      return [];
    }
    if (error.keyword === 'required') {
      return error.params.requiredProperties.map((name) => ({
        pointer: cutName(`${error.instancePath}/${name}`),
        message: 'is required',
      }));
    }
    const alternatives = errors.filter((inner) => inner.schemaPath.startsWith(`${error.schemaPath}/anyOf/`));
    const message = error.keyword === 'anyOf' ? alternatives.map(wordsOf).join(' or ') : wordsOf(error);
    return [{ pointer: cutName(error.instancePath), message: `${message}${found(value, error)}` }];
  });
}

/** The validator's own message does not say which constant it expects. */
function wordsOf(error: TLocalizedValidationError): string {
  return error.keyword === 'const' ? `must be ${JSON.stringify(error.params.allowedValue)}` : error.message;
}

/** The suffix `, not a number` for a message about a wrong type. */
function found(document: JsonValue, error: { keyword: string; instancePath: string }): string {
  if (error.keyword !== 'type') {
    return '';
  }
  let value: unknown = document;
  for (const key of fromPointer(error.instancePath)) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return `, not ${kind}`;
}
