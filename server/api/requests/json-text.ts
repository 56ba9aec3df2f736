import { toPointer } from '../../../contract/json-pointer.ts';
import type { JsonObject, JsonValue } from '../../../contract/schemas/json.ts';
import { createBoundedList } from '../../domain/bounds/bounded-list.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import type { Fault } from '../../domain/fields/fault.ts';
import { problem } from '../../domain/errors/problem-error.ts';

export interface JsonTextOptions {
  /** Maximum nesting of arrays and objects. */
  readonly maxDepth: number;
  /** Maximum number of values: objects, arrays, strings and the rest, each counted. */
  readonly maxValues: number;
  /** The message for a text that ends too early: the original Walm had two wordings. */
  readonly endOfText: string;
}

/** A document, and what JSON allows but Walm cannot represent. */
export interface JsonDocument {
  readonly value: JsonValue;
  /** The first faults. */
  readonly faults: readonly Fault[];
  /** The number of further faults. */
  readonly moreFaults: number;
}

const spaces = /[\t\n\r ]*/y;
/** Everything that needs no escape: no quote, no backslash, no control character. */
const plainText = /[ !#-[\]-\uffff]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Parses JSON (RFC 8259) without silently losing anything: duplicate keys and numbers that a double cannot hold are
 * faults. Every key is an ordinary key, even `__proto__`.
 * @throws ProblemError BODY_MALFORMED with line, column and offset if the text is not JSON or nests too deeply,
 * BODY_TOO_COMPLEX if it has too many values
 */
export function parseJsonText(text: string, { maxDepth, maxValues, endOfText }: JsonTextOptions): JsonDocument {
  const faults = createBoundedList<Fault>();
  const path: string[] = [];
  let at = 0;
  let values = 0;

  function fault(message: string): void {
    faults.add(() => ({
      pointer: cutName(toPointer(path.map((step) => cutName(step)))),
      message,
    }));
  }

  function fail(what: string): never {
    let line = 1;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) {
      line += 1;
      start = end + 1;
    }
    const column = at - start + 1;
    throw problem('BODY_MALFORMED', `${what} at line ${line}, column ${column}`, { line, column, offset: at });
  }

  function failAt(wanted: string): never {
    const character = text.codePointAt(at);
    return character === undefined
      ? fail(endOfText)
      : fail(`invalid character ${JSON.stringify(String.fromCodePoint(character))} looking for ${wanted}`);
  }

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found;
  }

  function parseValue(depth: number): JsonValue {
    match(spaces);
    const value = parseBareValue(depth);
    match(spaces);
    return value;
  }

  function parseBareValue(depth: number): JsonValue {
    values += 1;
    if (values > maxValues) {
      throw problem('BODY_TOO_COMPLEX', `the body has more than ${maxValues} values`, { limit: maxValues });
    }
    switch (text[at]) {
      case '{':
        return parseObject(depth + 1);
      case '[':
        return parseArray(depth + 1);
      case '"':
        return parseText();
      case 't':
        return parseWord('true', true);
      case 'f':
        return parseWord('false', false);
      case 'n':
        return parseWord('null', null);
      default:
        return parseNumber();
    }
  }

  function enter(depth: number): void {
    if (depth > maxDepth) {
      fail(`nested deeper than ${maxDepth} levels`);
    }
    at += 1;
    match(spaces);
  }

  function parseObject(depth: number): JsonObject {
    enter(depth);
    const object: JsonObject = {};
    if (text[at] === '}') {
      at += 1;
      return object;
    }
    for (;;) {
      if (text[at] !== '"') {
        failAt('beginning of object key string');
      }
      const key = parseText();
      match(spaces);
      if (text[at] !== ':') {
        failAt("':' after object key");
      }
      at += 1;
      path.push(key);
      const twice = Object.hasOwn(object, key);
      const value = parseValue(depth);
      if (twice) {
        fault('is given twice');
      } else {
        // Assigning to `__proto__` would set the prototype instead of a key.
        Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      }
      path.pop();
      if (text[at] === '}') {
        at += 1;
        return object;
      }
      if (text[at] !== ',') {
        failAt("',' or '}' after object key:value pair");
      }
      at += 1;
      match(spaces);
    }
  }

  function parseArray(depth: number): JsonValue[] {
    enter(depth);
    const array: JsonValue[] = [];
    if (text[at] === ']') {
      at += 1;
      return array;
    }
    for (;;) {
      path.push(String(array.length));
      array.push(parseValue(depth));
      path.pop();
      if (text[at] === ']') {
        at += 1;
        return array;
      }
      if (text[at] !== ',') {
        failAt("',' or ']' after array element");
      }
      at += 1;
    }
  }

  function parseText(): string {
    at += 1;
    let result = '';
    for (;;) {
      result += match(plainText)?.[0] ?? '';
      const character = text[at];
      if (character === '"') {
        at += 1;
        return result;
      }
      if (character !== '\\') {
        failAt('the end of a string literal');
      }
      at += 1;
      result += parseEscape();
    }
  }

  function parseEscape(): string {
    const character = text[at] ?? '';
    const escaped = escapes[character];
    if (escaped !== undefined) {
      at += 1;
      return escaped;
    }
    const digits = text.slice(at + 1, at + 5);
    if (character !== 'u' || !/^[\da-fA-F]{4}$/.test(digits)) {
      failAt('a string escape code');
    }
    at += 5;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  function parseWord<T>(word: string, value: T): T {
    if (!text.startsWith(word, at)) {
      failAt(`the literal ${word}`);
    }
    at += word.length;
    return value;
  }

  function parseNumber(): number {
    const start = at;
    const found = match(number);
    if (found === null) {
      failAt('beginning of value');
    }
    const source = text.slice(start, at);
    const value = Number(source);
    const whole = found[1] === undefined && found[2] === undefined;
    if (!Number.isFinite(value) || (whole && value !== 0 && BigInt(source) !== BigInt(value))) {
      fault(`the number ${source.slice(0, 40)} cannot be kept exactly; write it as a text`);
    }
    return value;
  }

  match(spaces);
  if (at === text.length) {
    fail(endOfText === 'unexpected EOF' ? 'EOF: the body is empty' : endOfText);
  }
  const value = parseValue(0);
  if (at < text.length) {
    failAt('the end of the document');
  }
  return { value, faults: faults.items, moreFaults: faults.more };
}
