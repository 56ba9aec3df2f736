import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonValue } from '../../contract/json.ts';
import { ProblemError } from '../domain/problem-error.ts';
import { parseJsonText } from './json-text.ts';

const options = { maxDepth: 100, endOfText: 'unexpected EOF' };

it('reads what JSON.parse reads, and finds no fault with it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 1, 4), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const harmless = !text.includes('"__proto__"') && !text.includes('"constructor"');
      fc.pre(harmless);
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

it('leaves out keys that could change the objects of the language', () => {
  const { value, faults } = parseJsonText('{"a":{"__proto__":{"x":1}},"constructor":{"prototype":{"y":1}}}', options);
  expect(value).toEqual({ a: {} });
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/a/__proto__', '/constructor']);
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});
