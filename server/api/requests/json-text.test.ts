import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonValue } from '../../../contract/schemas/json.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { parseJsonText } from './json-text.ts';

const options = { maxDepth: 100, maxValues: 10_000, endOfText: 'unexpected EOF' };

it('reads what JSON.parse reads, and finds no fault with it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 1, 4), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const document = parseJsonText(text, options);
      expect(document.value).toEqual(JSON.parse(text) as JsonValue);
      expect(document.faults.filter(({ message }) => !message.startsWith('the number'))).toEqual([]);
    }),
  );
});

it('refuses what JSON.parse refuses, with its place, and nothing else', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.json({ maxDepth: 2 }).chain((json) => fc.nat({ max: json.length }).map((end) => json.slice(0, end))),
  );
  fc.assert(
    fc.property(text, (candidate) => {
      expect(outcome(() => parseJsonText(candidate, options))).toBe(outcome(() => JSON.parse(candidate) as unknown));
    }),
  );
});

function outcome(parse: () => unknown): 'read' | 'refused' {
  try {
    parse();
    return 'read';
  } catch (error) {
    if (!(error instanceof SyntaxError || (error instanceof ProblemError && error.code === 'BODY_MALFORMED'))) {
      throw error;
    }
    return 'refused';
  }
}

it.each([
  ['9007199254740992', 0],
  ['9007199254740993', 1],
  ['18446744073709551616', 0],
  ['-9007199254740993', 1],
  ['1e400', 1],
  ['0.1', 0],
  ['-0', 0],
])('keeps the number %s or says that it cannot', (text, faults) => {
  expect(parseJsonText(`[${text}]`, options).faults).toHaveLength(faults);
});

it('keeps keys that could change the objects of the language as the keys that they are', () => {
  const text = '{"a":{"__proto__":{"x":1}},"constructor":{"prototype":{"y":1}}}';
  const { value, faults } = parseJsonText(text, options);
  expect(JSON.stringify(value)).toBe(text);
  expect(faults).toEqual([]);
  expect(Object.getPrototypeOf(Object(value))).toBe(Object.prototype);
  expect('y' in Object(value)).toBe(false);
  expect('x' in Object.prototype).toBe(false);
  expect(parseJsonText('{"__proto__":1,"__proto__":2}', options).faults).toHaveLength(1);
});
