import type { TProperties, TSchema } from 'typebox';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { createBoundedList } from '../../domain/bounds/bounded-list.ts';
import { boundWarnings } from '../../domain/bounds/bound-warnings.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { nearestName } from '../../domain/fields/nearest-name.ts';
import { problem } from '../../domain/errors/problem-error.ts';

/** The parsed value of a query parameter. */
export type QueryValue = boolean | number | string;

/** A parsed query string: texts, or arrays of them for repeated parameters. */
export type QueryTexts = Readonly<Record<string, string | string[]>>;

/** Go's ParseBool, which the original Walm used. */
const switches: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false])),
};

/** Whether a switch of a query that is not checked yet is on; one that is not a switch is off. */
export function isOn(text: string | string[] | undefined): boolean {
  return typeof text === 'string' && Object.hasOwn(switches, text) && switches[text] === true;
}

/** Alternative spellings of parameters, as Kubernetes clients write them. */
const SPELLINGS: Readonly<Record<string, string>> = { labelSelector: 'labelselector' };

/**
 * Parameters of the original Walm's changes for which an empty value counts as none: without them a change does no more
 * than with them.
 */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['async', 'timeoutSec', 'deletePvcs']);

/**
 * Parses the query parameters that `properties` describe, with defaults. Unknown parameters and those without a value
 * cause warnings on reads and are refused on changes, because they may have been meant to limit the change.
 * @throws ProblemError QUERY_INVALID in the original's words, QUERY_UNKNOWN
 */
export function readQuery(
  properties: TProperties,
  sent: QueryTexts,
  unknown: 'warn' | 'refuse' = 'warn',
): { values: Record<string, QueryValue>; warnings: Warning[] } {
  const query = spelledAsDescribed(properties, sent);
  const values: Record<string, QueryValue> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const given = query[name];
    if (Array.isArray(given)) {
      throw refused(name, `it is given ${given.length} times`);
    }
    if (given === '' && unknown === 'refuse' && !MAY_BE_EMPTY.has(name)) {
      throw refused(name, 'it has no value: give it one, or leave it out');
    }
    const { default: fallback } = schema as { default?: QueryValue };
    const value = given === undefined || given === '' ? fallback : readValue(name, schema, given);
    if (value !== undefined) {
      values[name] = value;
    }
  }
  const warnings = unknownParameters(properties, query, unknown === 'warn' ? ' is ignored' : '');
  if (unknown === 'refuse' && warnings.length > 0) {
    throw problem('QUERY_UNKNOWN', warnings.map(({ message }) => message).join('; '), {
      parameters: Object.keys(properties),
    });
  }
  return { values, warnings };
}

function spelledAsDescribed(properties: TProperties, query: QueryTexts): QueryTexts {
  const entries = Object.entries(query).map(([name, value]) => {
    const described = Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name] : undefined;
    if (described === undefined || !Object.hasOwn(properties, described)) {
      return [name, value] as const;
    }
    if (query[described] !== undefined) {
      throw refused(described, `it is given as ${name}, too`);
    }
    return [described, value] as const;
  });
  return Object.fromEntries(entries);
}

function readValue(name: string, schema: TSchema, text: string): QueryValue {
  type Described = { type?: string; anyOf?: { const: string }[]; pattern?: string; maxLength?: number };
  const { type, anyOf, pattern, maxLength } = schema as Described;
  if (type === 'boolean') {
    const value = Object.hasOwn(switches, text) ? switches[text] : undefined;
    if (value === undefined) {
      throw refused(name, `strconv.ParseBool: parsing ${JSON.stringify(cutName(text))}: invalid syntax`);
    }
    return value;
  }
  if (type === 'integer') {
    return readInteger(name, text, schema);
  }
  if (maxLength !== undefined && text.length > maxLength) {
    throw refused(name, `it has more than ${maxLength} characters`);
  }
  if (pattern !== undefined && !new RegExp(pattern).test(text)) {
    throw refused(name, `${JSON.stringify(cutName(text))} does not match ${pattern}`);
  }
  const choices = anyOf?.map((choice) => choice.const);
  // What is a switch among other choices is read as one.
  const choice = choices?.includes('true') && Object.hasOwn(switches, text) ? String(switches[text]) : text;
  if (choices !== undefined && !choices.includes(choice)) {
    throw refused(name, `${JSON.stringify(cutName(text))} is none of ${choices.join(', ')}`);
  }
  return choice;
}

/** Go's ParseInt in base 10; a value beyond 2^53 is out of range here. */
function readInteger(name: string, text: string, schema: TSchema): number {
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  if (!/^[+-]?\d+$/.test(text)) {
    throw refused(name, `strconv.ParseInt: parsing ${JSON.stringify(cutName(text))}: invalid syntax`);
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw refused(name, `strconv.ParseInt: parsing ${JSON.stringify(cutName(text))}: value out of range`);
  }
  if (minimum !== undefined && value < minimum) {
    throw refused(name, `query parameter ${name} ${value} should not be less than ${minimum || 'zero'}`);
  }
  if (maximum !== undefined && value > maximum) {
    throw refused(name, `query parameter ${name} ${value} should not be more than ${maximum}`);
  }
  return value;
}

function unknownParameters(properties: TProperties, query: QueryTexts, outcome: string): Warning[] {
  const warnings = createBoundedList<Warning>();
  for (const name of Object.keys(query).filter((given) => !Object.hasOwn(properties, given))) {
    warnings.add(() => {
      const suggestion = nearestName(name, Object.keys(properties));
      const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
      return { code: 'QUERY_UNKNOWN', message: `unknown query parameter ${cutName(name)}${outcome}${hint}` };
    });
  }
  return boundWarnings(warnings.items, warnings.more);
}

function refused(name: string, reason: string) {
  return problem('QUERY_INVALID', `query param ${name} value is not valid : ${reason}`, { parameter: name });
}
