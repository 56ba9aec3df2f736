import { isLabelKey, isLabelValue } from './label-syntax.ts';
import { createTokenCursor, type SelectorToken, type TokenCursor } from './selector-tokens.ts';

/** Whether an object with these labels is selected. */
export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

/** The selector is not valid for Kubernetes; the message is Kubernetes' own. */
export class SelectorSyntaxError extends Error {}

type Operator = 'in' | 'notin' | '=' | '==' | '!=' | '<' | '>';

const OPERATORS = 'in, notin, =, ==, !=, gt, lt';
const INTEGER = /^[+-]?\d+$/;

function checkKey(key: string): void {
  if (!isLabelKey(key)) {
    throw new SelectorSyntaxError(`unable to parse requirement: "${key}" is not a valid label key`);
  }
}

function checkValues(key: string, operator: Operator, values: readonly string[]): void {
  const wrong = values.find((value) => !isLabelValue(value));
  if (wrong !== undefined) {
    throw new SelectorSyntaxError(`unable to parse requirement: "${wrong}" is not a valid value of label ${key}`);
  }
  if ((operator === '<' || operator === '>') && !INTEGER.test(values[0] ?? '')) {
    throw new SelectorSyntaxError(
      "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer",
    );
  }
}

/** `notin` and `!=` also select objects without the label; comparisons only those whose value is an integer. */
function requirement(key: string, operator: Operator, values: readonly string[]): LabelSelector {
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return (labels) => values.some((value) => labels[key] === value);
    case 'notin':
    case '!=':
      return (labels) => !values.some((value) => labels[key] === value);
    case '<':
      return (labels) => INTEGER.test(labels[key] ?? '') && Number(labels[key]) < Number(values[0]);
    case '>':
      return (labels) => INTEGER.test(labels[key] ?? '') && Number(labels[key]) > Number(values[0]);
    default:
      return operator satisfies never;
  }
}

function fail(found: SelectorToken, expected: string, comma = ','): never {
  throw new SelectorSyntaxError(`unable to parse requirement: found '${found.text}'${comma} expected: ${expected}`);
}

function readOperator(cursor: TokenCursor): Operator {
  const token = cursor.take();
  switch (token.kind) {
    case 'in':
    case 'notin':
    case '=':
    case '==':
    case '!=':
    case '<':
    case '>':
      return token.kind;
    default:
      return fail(token, OPERATORS);
  }
}

/** Commas separate values, and nothing between two of them is the empty value. */
function readSet(cursor: TokenCursor): string[] {
  const open = cursor.takeValue();
  if (open.kind !== '(') {
    fail(open, "'('", '');
  }
  const values = [''];
  let mayBeIdentifier = true;
  for (;;) {
    const token = cursor.takeValue();
    if (token.kind === ')') {
      return values;
    }
    if (token.kind === ',') {
      values.push('');
      mayBeIdentifier = true;
    } else if (token.kind === 'identifier' && mayBeIdentifier) {
      values[values.length - 1] = token.text;
      mayBeIdentifier = false;
    } else {
      fail(token, mayBeIdentifier ? "',', or identifier" : "',' or ')'");
    }
  }
}

function readExact(cursor: TokenCursor): string[] {
  const next = cursor.peekValue();
  if (next.kind === 'end' || next.kind === ',') {
    return [''];
  }
  const token = cursor.takeValue();
  return token.kind === 'identifier' ? [token.text] : fail(token, 'identifier');
}

function readRequirement(cursor: TokenCursor): LabelSelector {
  const first = cursor.takeValue();
  const isNegated = first.kind === '!';
  const name = isNegated ? cursor.takeValue() : first;
  if (name.kind !== 'identifier') {
    fail(name, 'identifier');
  }
  const key = name.text;
  checkKey(key);
  const next = cursor.peekValue().kind;
  if (isNegated || next === 'end' || next === ',') {
    return (labels) => Object.hasOwn(labels, key) !== isNegated;
  }
  const operator = readOperator(cursor);
  const values = operator === 'in' || operator === 'notin' ? readSet(cursor) : readExact(cursor);
  checkValues(key, operator, values);
  return requirement(key, operator, values);
}

/**
 * Parses a label selector in Kubernetes' syntax: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, joined
 * by commas; the empty selector selects everything. Throws `SelectorSyntaxError` with Kubernetes' message.
 */
export function parseLabelSelector(selector: string): LabelSelector {
  const cursor = createTokenCursor(selector);
  const requirements: LabelSelector[] = [];
  for (;;) {
    const start = cursor.peekValue();
    if (start.kind === 'end') {
      return (labels) => requirements.every((matches) => matches(labels));
    }
    if (start.kind !== 'identifier' && start.kind !== '!') {
      throw new SelectorSyntaxError(`found '${start.text}', expected: !, identifier, or 'end of string'`);
    }
    requirements.push(readRequirement(cursor));
    const after = cursor.takeValue();
    const next = cursor.peekValue();
    if (after.kind === ',' && next.kind !== 'identifier' && next.kind !== '!') {
      throw new SelectorSyntaxError(`found '${next.text}', expected: identifier after ','`);
    }
    if (after.kind !== ',' && after.kind !== 'end') {
      throw new SelectorSyntaxError(`found '${after.text}', expected: ',' or 'end of string'`);
    }
  }
}
